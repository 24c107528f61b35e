import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {z} from 'zod';
import {runEventSchema, type RunEvent} from '../../source/core/run-event.ts';
import {patienceMs} from './patience.ts';

/** The bundled program, as `npm run build` makes it. */
export const programFile = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** The same from the sources: slower to start, but always up to date. */
export const programSource = fileURLToPath(new URL('../../source/cli.ts', import.meta.url));

export type ProgramEnd = {
	/** `null` when it was killed. */
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
};

export type ProgramOptions = {
	readonly home: string;
	readonly directory?: string | undefined;
	readonly environment?: Readonly<Record<string, string>> | undefined;
	/** Standard input; empty when absent. */
	readonly input?: string | undefined;
	/** Called with all of standard output so far, whenever some comes. */
	readonly onOutput?:
		| ((out: string, child: {kill(signal: NodeJS.Signals): void; closeOutput(): void}) => void)
		| undefined;
};

/** The program while it runs. */
export type StartedProgram = {
	readonly pid: number;
	/** All of standard output so far. */
	out(): string;
	/** Resolves once that is on standard output; rejects on a deadline or when the program ends without it. */
	waitFor(what: string | RegExp, deadlineMs?: number): Promise<void>;
	kill(signal: NodeJS.Signals): void;
	/** Closes the reading end of its standard output. */
	closeOutput(): void;
	readonly ended: Promise<ProgramEnd>;
};

/** Runs the program in a process of its own, without a terminal and with nothing of our environment but the path. */
export async function runProgram(
	args: readonly string[],
	options: ProgramOptions,
): Promise<ProgramEnd> {
	return startProgram(args, options).ended;
}

/** Starts the program as `runProgram` does, and gives it to the test while it runs. */
export function startProgram(
	args: readonly string[],
	{home, directory = home, environment = {}, input = '', onOutput}: ProgramOptions,
): StartedProgram {
	const child = spawn(process.execPath, [programFile, ...args], {
		cwd: directory,
		env: {...programEnvironment(home), ...environment},
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	let out = '';
	let err = '';
	let over = false;
	const listeners = new Set<() => void>();
	const tell = () => {
		for (const listener of listeners) {
			listener();
		}
	};
	const kill = (signal: NodeJS.Signals) => {
		child.kill(signal);
	};
	const closeOutput = () => {
		child.stdout.destroy();
	};
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		out += text;
		onOutput?.(out, {kill, closeOutput});
		tell();
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		err += text;
	});
	child.stdin.on('error', () => undefined);
	child.stdin.end(input);
	const ended = new Promise<ProgramEnd>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', code => {
			over = true;
			resolve({code, out, err});
			tell();
		});
	});
	return {
		pid: child.pid ?? -1,
		out: () => out,
		async waitFor(what, deadlineMs = patienceMs) {
			const {promise, resolve, reject} = Promise.withResolvers<void>();
			const look = () => {
				if (typeof what === 'string' ? out.includes(what) : what.test(out)) {
					resolve();
				} else if (over) {
					reject(new Error(`the program ended without ${String(what)}:\n${out}${err}`));
				}
			};
			const timer = setTimeout(() => {
				reject(new Error(`no ${String(what)} within ${deadlineMs} ms:\n${out}${err}`));
			}, deadlineMs);
			listeners.add(look);
			look();
			try {
				await promise;
			} finally {
				clearTimeout(timer);
				listeners.delete(look);
			}
		},
		kill,
		closeOutput,
		ended,
	};
}

/** The environment of a program under test: the path and a home of its own. */
export function programEnvironment(home: string): Record<string, string | undefined> {
	return {
		PATH: process.env['PATH'],
		HOME: home,
		LLM_ORCHESTRATOR_HOME: `${home}/.llm-orchestrator`,
		// What the demo copies goes with the test.
		TMPDIR: home,
	};
}

/** The events that `--json` printed, as the log has them: with the plan as text. Every line must be one. */
export function eventsOf({out}: ProgramEnd): readonly RunEvent[] {
	return out
		.split('\n')
		.filter(line => line !== '')
		.map(line => {
			const printed = lineSchema.parse(JSON.parse(line));
			const {plan} = printed;
			const logged = plan && 'subtasks' in plan ? {plan: JSON.stringify(plan)} : {};
			return runEventSchema.parse({...printed, ...logged});
		});
}

const lineSchema = z.looseObject({plan: z.looseObject({}).optional()});

/** The last line on standard error. */
export function lastLineOf({err}: ProgramEnd): string {
	return err.trimEnd().split('\n').at(-1) ?? '';
}
