import {createInterface} from 'node:readline';
import type {Command} from '../argv/command.ts';
import {outcomeExit} from './exit.ts';
import type {Io} from './io.ts';

type Signal = Parameters<Parameters<Io['onSignal']>[0]>[0];

/** A signal interrupted a prompt. */
class InterruptedError extends Error {
	override readonly name = 'InterruptedError';
	readonly signal: Signal;

	constructor(signal: Signal) {
		super(`${signal} at a prompt`);
		this.signal = signal;
	}
}

/**
 * Reads one line from the terminal; `undefined` for Ctrl+D. Ctrl+C and other terminating signals
 * throw an error that `interruptible` turns into the exit code.
 */
export async function askLine(io: Io, question: string): Promise<string | undefined> {
	const {input, output} = io.terminal();
	const {promise, resolve, reject} = Promise.withResolvers<string | undefined>();
	const lines = createInterface({input, output, terminal: true});
	const interrupt = (signal: Signal) => {
		reject(new InterruptedError(signal));
	};
	// While reading a line, Ctrl+C is a key.
	lines.on('SIGINT', () => {
		interrupt('SIGINT');
	});
	lines.on('close', () => {
		resolve(undefined);
	});
	const stopSignals = io.onSignal(interrupt);
	lines.question(question, resolve);
	let answer: string | undefined;
	try {
		answer = await promise;
		return answer;
	} finally {
		stopSignals();
		lines.close();
		if (answer === undefined) {
			output.write('\n');
		}
	}
}

/**
 * Makes a command that prompts exit silently, with the code of an interrupted run, when it is
 * interrupted.
 */
export function interruptible(run: Command['run']): Command['run'] {
	return async (input, io) => {
		try {
			return await run(input, io);
		} catch (error) {
			if (error instanceof InterruptedError) {
				return outcomeExit(error.signal === 'SIGINT' ? 'interrupted' : 'terminated');
			}

			throw error;
		}
	};
}
