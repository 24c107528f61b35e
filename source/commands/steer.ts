import {openApprovals, requestSummary} from '../core/open-approvals.ts';
import type {RunState} from '../core/run-state.ts';
import type {ApprovalState} from '../core/run-state-entries.ts';
import {sanitizeLine} from '../core/text.ts';
import {UsageError} from '../core/usage-error.ts';
import type {Command, CommandInput, Flag} from './argv/command.ts';
import {switchFlag, textFlag} from './argv/flags.ts';
import type {Io} from './process/io.ts';
import {sendCommandTo} from './services/send-command.ts';
import {readAll} from './argv/task-input.ts';

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
		sendCommandTo(words[0] ?? '', io, () => {
			const [, subtask] = words;
			return {type: 'cancel', ...(subtask === undefined ? {} : {subtask})};
		}),
};

export const sendCommand: Command = {
	name: 'send',
	flags: {},
	words: {min: 2, max: 3},
	async run({words}, io) {
		const [reference = '', to = '', word] = words;
		if (word === undefined) {
			throw new UsageError('what is the message?', 'quote it; "-" reads it from standard input');
		}

		const text = word === '-' ? await readAll(io.input) : word;
		if (text.trim() === '') {
			throw new UsageError('the message is empty');
		}

		return sendCommandTo(reference, io, () => ({type: 'message', to, text: text.trim()}));
	},
};

export const interruptCommand: Command = {
	name: 'interrupt',
	flags: {},
	words: {min: 2, max: 2},
	run: async ({words: [reference = '', agent = '']}, io) =>
		sendCommandTo(reference, io, () => ({type: 'interrupt', agent})),
};

export const pauseCommand: Command = {
	name: 'pause',
	flags: {},
	words: {min: 1, max: 1},
	run: async ({words: [reference = '']}, io) =>
		sendCommandTo(reference, io, () => ({type: 'pause'})),
};

export const unpauseCommand: Command = {
	name: 'unpause',
	flags: {},
	words: {min: 1, max: 1},
	run: async ({words: [reference = '']}, io) =>
		sendCommandTo(reference, io, () => ({type: 'unpause'})),
};

export const retryCommand: Command = {
	name: 'retry',
	flags: {},
	words: {min: 2, max: 2},
	run: async ({words: [reference = '', subtask = '']}, io) =>
		sendCommandTo(reference, io, () => ({type: 'retry', subtask})),
};

async function decide(
	decision: 'approve' | 'reject',
	{words, flags}: CommandInput,
	io: Io,
): Promise<number> {
	return sendCommandTo(words[0] ?? '', io, state => {
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

function choose(state: RunState, id: string | undefined): ApprovalState {
	const open = openApprovals(state);
	if (id !== undefined) {
		const known = state.approvals.get(id);
		if (!known) {
			throw new UsageError(`unknown request "${id}"`, list(open));
		}

		return known;
	}

	const [only, another] = open;
	if (!only) {
		throw new UsageError(`${state.run} has no open requests`);
	}

	if (another) {
		throw new UsageError(`${open.length} requests are open: choose one`, list(open));
	}

	return only;
}

function list(open: readonly ApprovalState[]): string {
	return open.length === 0
		? 'there are no open requests'
		: open
				.map(({id, subject}) => {
					const who = subject.kind === 'tool' ? `${subject.agent}, ` : '';
					return `${id} (${who}${sanitizeLine(requestSummary(subject))})`;
				})
				.join('; ');
}
