import type {RunCommand} from '../core/command.ts';
import {heldExitCode} from '../core/run-report.ts';
import type {Receipt} from '../core/run.ts';
import {openApprovals, wishOf, type ApprovalState, type RunState} from '../core/run-state.ts';
import {sanitizeLine} from '../core/text.ts';
import {UsageError} from '../core/usage-error.ts';
import {agentMark} from '../sandbox/environment.ts';
import type {Command, CommandInput, Flag} from './command.ts';
import {switchFlag, textFlag} from './flags.ts';
import type {Io} from './io.ts';
import {openStore} from './open-store.ts';
import {createRunCatalog} from './run-catalog.ts';

const decisionFlags: Readonly<Record<string, Flag>> = {
	always: {type: 'boolean'},
	feedback: {type: 'string'},
};

export const approveCommand: Command = {
	name: 'approve',
	flags: decisionFlags,
	words: {min: 1, max: 2},
	run: async (input, io) => decide('approve', input, io),
};

export const rejectCommand: Command = {
	name: 'reject',
	flags: decisionFlags,
	words: {min: 1, max: 2},
	run: async (input, io) => decide('reject', input, io),
};

export const cancelCommand: Command = {
	name: 'cancel',
	flags: {},
	words: {min: 1, max: 2},
	run: async ({words}, io) =>
		steer(words[0] ?? '', io, () => {
			const [, subtask] = words;
			return {type: 'cancel', ...(subtask === undefined ? {} : {subtask})};
		}),
};

async function decide(
	decision: 'approve' | 'reject',
	{words, flags}: CommandInput,
	io: Io,
): Promise<number> {
	return steer(words[0] ?? '', io, state => {
		const feedback = textFlag(flags, 'feedback');
		return {
			type: 'decide',
			approval: choose(state, words[1]).id,
			decision,
			scope: switchFlag(flags, 'always') ? 'always' : 'once',
			...(feedback === undefined ? {} : {feedback}),
		};
	});
}

/** Sends one command to a run of whichever process, and says what became of it. */
async function steer(
	reference: string,
	io: Io,
	commandFor: (state: RunState) => RunCommand,
): Promise<number> {
	if (io.environment[agentMark] !== undefined) {
		throw new UsageError(
			'this command was started by an agent, and agents decide nothing',
			'run it in a terminal of your own',
		);
	}

	const {store} = await openStore(io);
	const catalog = createRunCatalog(store);
	const id = await catalog.resolve(reference);
	const stop = new AbortController();
	try {
		const run = await catalog.open(id, stop.signal);
		const state = run.state();
		if (state.report && (await store.owner(id)) === undefined && state.status !== 'stopped') {
			throw new UsageError(`${id} is ${state.status}`, `see: llm-orchestrator show ${id}`);
		}

		const command = commandFor(state);
		const receipt = decidedBefore(state, command) ?? (await run.send(command));
		switch (receipt.kind) {
			case 'taken':
				io.print(`${id} has taken it.`);
				return 0;
			case 'refused':
				io.complain(`refused: ${sanitizeLine(receipt.reason)}`);
				return 1;
			case 'queued':
				io.complain(
					`no process works on ${id}, so this waits until it is resumed → llm-orchestrator resume ${id}`,
				);
				return heldExitCode;
		}
	} finally {
		stop.abort();
	}
}

/** A request that is decided needs nobody to say so. */
function decidedBefore(state: RunState, command: RunCommand): Receipt | undefined {
	const known =
		command.type === 'decide' ? state.approvals.get(command.approval)?.decision : undefined;
	return (
		known && {kind: 'refused', reason: `already decided: ${known.decision} by ${known.origin}`}
	);
}

function choose(state: RunState, id: string | undefined): ApprovalState {
	const open = openApprovals(state);
	if (id !== undefined) {
		const known = state.approvals.get(id);
		if (!known) {
			throw new UsageError(`there is no request "${id}"`, list(open));
		}

		return known;
	}

	const [only, another] = open;
	if (!only) {
		throw new UsageError(`${state.run} waits for no decision`);
	}

	if (another) {
		throw new UsageError(`${open.length} requests are open: name one`, list(open));
	}

	return only;
}

function list(open: readonly ApprovalState[]): string {
	return open.length === 0
		? 'no request is open'
		: open
				.map(({id, subject}) => {
					const who = subject.kind === 'tool' ? `${subject.agent}, ` : '';
					return `${id} (${who}${sanitizeLine(wishOf(subject))})`;
				})
				.join('; ');
}
