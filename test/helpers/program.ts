import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {runEventSchema, type RunEvent} from '../../source/core/run-event.ts';

/** The bundled program, as `npm run build` makes it. */
export const programFile = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

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

/** Runs the program in a process of its own, without a terminal and with nothing of our environment but the path. */
export async function runProgram(
	args: readonly string[],
	{home, directory = home, environment = {}, input = '', onOutput}: ProgramOptions,
): Promise<ProgramEnd> {
	const child = spawn(process.execPath, [programFile, ...args], {
		cwd: directory,
		env: {
			PATH: process.env['PATH'],
			HOME: home,
			LLM_ORCHESTRATOR_HOME: `${home}/.llm-orchestrator`,
			...environment,
		},
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	let out = '';
	let err = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		out += text;
		onOutput?.(out, {
			kill: signal => child.kill(signal),
			closeOutput: () => child.stdout.destroy(),
		});
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		err += text;
	});
	child.stdin.on('error', () => undefined);
	child.stdin.end(input);
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', code => {
			resolve({code, out, err});
		});
	});
}

/** The events that `--json` printed; every line must be one. */
export function eventsOf({out}: ProgramEnd): readonly RunEvent[] {
	return out
		.split('\n')
		.filter(line => line !== '')
		.map(line => runEventSchema.parse(JSON.parse(line)));
}

/** The last line on standard error. */
export function lastLineOf({err}: ProgramEnd): string {
	return err.trimEnd().split('\n').at(-1) ?? '';
}
