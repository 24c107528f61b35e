import type {SteeringCommand} from '../../core/steering-command.ts';
import {decisionText} from '../../core/open-approvals.ts';
import {lockedExitCode} from '../../core/run-report.ts';
import type {Receipt} from '../../core/run.ts';
import type {RunState} from '../../core/run-state.ts';
import {sanitizeLine} from '../../core/text.ts';
import {UsageError} from '../../core/usage-error.ts';
import {agentMark} from '../../sandbox/command-environment.ts';
import type {Io} from '../process/io.ts';
import {openStore} from './open-store.ts';
import {createRunCatalog} from '../../compose/run-catalog.ts';

/** Sends one command to a run of any process, and reports the result. */
export async function sendCommandTo(
	reference: string,
	io: Io,
	commandFor: (state: RunState) => SteeringCommand,
): Promise<number> {
	if (io.environment[agentMark] !== undefined) {
		throw new UsageError(
			'this command was started by an agent, and agents cannot decide',
			'run it in your own terminal',
		);
	}

	const {store} = await openStore(io);
	const catalog = createRunCatalog(store);
	const id = await catalog.resolve(reference);
	const stop = new AbortController();
	try {
		const run = await catalog.open(id, stop.signal);
		const state = run.state();
		const isOver = state.status !== 'stopped' && state.status !== 'failed';
		if (state.report && isOver && (await store.owner(id)) === undefined) {
			throw new UsageError(`${id} is ${state.status}`, `see: llm-orchestrator show ${id}`);
		}

		const command = commandFor(state);
		if (needsLiveRun(command) && (await store.owner(id)) === undefined) {
			io.printError(
				`no process is running ${id}, so there is nothing to ${command.type} → llm-orchestrator resume ${id}`,
			);
			return lockedExitCode;
		}

		const receipt = alreadyDecided(state, command) ?? (await run.send(command));
		switch (receipt.kind) {
			case 'taken':
				io.print(`Sent to ${id}.`);
				return 0;
			case 'refused':
				io.printError(`refused: ${sanitizeLine(receipt.reason)}`);
				return 1;
			case 'queued':
				io.printError(
					`no process is running ${id}, so this will wait until the run is resumed → llm-orchestrator resume ${id}`,
				);
				return lockedExitCode;
		}
	} finally {
		stop.abort();
	}
}

/** Commands about current work: kept for later, they would affect a resumed run. */
function needsLiveRun(command: SteeringCommand): boolean {
	return (
		['pause', 'unpause', 'interrupt'].includes(command.type) ||
		(command.type === 'cancel' && command.subtask === undefined)
	);
}

/** A decided request can be refused without its process. */
function alreadyDecided(state: RunState, command: SteeringCommand): Receipt | undefined {
	const known =
		command.type === 'decide' ? state.approvals.get(command.approval)?.decision : undefined;
	return known && {kind: 'refused', reason: `already ${decisionText(known)}`};
}
