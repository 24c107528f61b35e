import {createInterface} from 'node:readline';
import type {Command} from '../argv/command.ts';
import {outcomeExit} from './exit.ts';
import type {Io} from './io.ts';

type Signal = Parameters<Parameters<Io['onSignal']>[0]>[0];

/** The person, or the system, ended a question instead of answering it. */
class InterruptedError extends Error {
	override readonly name = 'InterruptedError';
	readonly signal: Signal;

	constructor(signal: Signal) {
		super(`${signal} at a question`);
		this.signal = signal;
	}
}

/**
 * One line from the person at the terminal; `undefined` for Ctrl+D, which is no answer. Ctrl+C, as any
 * signal to end, throws what `answerable` makes the exit code of.
 *
 * @param output where the question stands and keys are shown
 */
export async function askLine(
	io: Io,
	question: string,
	output: NodeJS.WritableStream = process.stdout,
): Promise<string | undefined> {
	const {promise, resolve, reject} = Promise.withResolvers<string | undefined>();
	const lines = createInterface({input: io.input, output, terminal: true});
	const interrupt = (signal: Signal) => {
		reject(new InterruptedError(signal));
	};
	// While a line is read, Ctrl+C is a key.
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

/** A command that asks: interrupted at its question it ends as an interrupted run does, without a word. */
export function answerable(run: Command['run']): Command['run'] {
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
