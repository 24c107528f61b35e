import type {Clock} from '../core/clock.ts';
import type {Check} from '../core/plan.ts';
import {cutMiddle} from '../core/text.ts';
import type {Sandbox} from '../sandbox/sandbox.ts';
import type {AttemptSession} from './attempt/attempt-session.ts';
import {turnInterrupted} from './attempt/turns.ts';

export type CheckResult = {
	readonly name: string;
	readonly command: string;
	readonly passed: boolean;
	/** For example `exit code 1`, `timed out after 600 s`. */
	readonly ending: string;
	readonly output: string;
};

export type CheckSession = Pick<AttemptSession, 'emit' | 'barrier' | 'keep' | 'redact' | 'signal'>;

export type CheckOptions = {
	readonly sandbox: Sandbox;
	readonly directory: string;
	readonly timeoutMs: number;
	readonly clock: Clock;
	/** Receives events and output. */
	readonly session: CheckSession;
	readonly place: 'workspace' | 'merged' | 'whole';
	/** Stops the running check, which then counts as failed, and starts no others. Default: never. */
	readonly stop?: AbortSignal | undefined;
};

/** Characters of output shown to teammates and people. */
const maxOutputLength = 6_000;

/**
 * Runs all checks in order, also after a failure, so that every red one is reported at once; returns
 * early if stopped. Which checks run on the merged result: `core/final-checks.ts`.
 */
export async function runChecks(
	checks: readonly Check[],
	options: CheckOptions,
): Promise<readonly CheckResult[]> {
	const results: CheckResult[] = [];
	for (const check of checks) {
		if (options.stop?.aborted === true) {
			break;
		}

		results.push(await runCheck(check, options));
	}

	return results;
}

/** The report to the teammate. */
export function reportChecks(results: readonly CheckResult[]): string {
	const red = results.filter(({passed}) => !passed);
	return red.length === 0
		? results.length === 1
			? 'The check passed.'
			: `All ${results.length} checks passed.`
		: red
				.map(
					({command, ending, output}) => `The check \`${command}\` is red (${ending}):\n${output}`,
				)
				.join('\n\n');
}

async function runCheck(check: Check, options: CheckOptions): Promise<CheckResult> {
	const {directory, place, sandbox, session, timeoutMs, clock} = options;
	const {signal} = session;
	const {backend, confined} = sandbox.confinement;
	session.emit({
		type: 'check-started',
		place,
		check: check.name,
		command: check.command,
		confinement: {backend, confined},
	});
	await session.barrier();
	const start = clock.monotonic();
	const result = await sandbox
		.run(
			{
				command: check.command,
				directory,
				writableRoot: directory,
				network: false,
				timeoutMs,
			},
			{signal: options.stop ?? signal},
		)
		.catch((error: unknown) => ({
			exitCode: null,
			endedBy: 'exit' as const,
			output: error instanceof Error ? error.message : String(error),
		}));
	signal.throwIfAborted();
	const passed = result.exitCode === 0 && result.endedBy === 'exit';
	const output = cutMiddle(session.redact(result.output), maxOutputLength);
	session.emit({
		type: 'check-finished',
		place,
		check: check.name,
		passed,
		exitCode: result.exitCode,
		durationMs: Math.round(clock.monotonic() - start),
		output: session.keep(output),
	});
	const ending = describeEnding(result.endedBy, result.exitCode, timeoutMs);
	return {name: check.name, command: check.command, passed, ending, output};
}

function describeEnding(endedBy: string, exitCode: number | null, timeoutMs: number): string {
	switch (endedBy) {
		case 'timeout':
			return `timed out after ${Math.round(timeoutMs / 1_000)} s`;
		case 'abort':
			return turnInterrupted;
		case 'output-limit':
			return 'ended because it printed too much';
		default:
			return exitCode === null ? 'ended by a signal' : `exit code ${exitCode}`;
	}
}
