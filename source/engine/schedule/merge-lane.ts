import type {Change} from '../../core/change.ts';
import type {Clock} from '../../core/clock.ts';
import type {Failure} from '../../core/failure.ts';
import type {Subtask} from '../../core/plan.ts';
import type {Sandbox} from '../../sandbox/sandbox.ts';
import type {Workspace} from '../../workspace/workspace.ts';
import {reportChecks, runChecks, type CheckSession} from '../run-checks.ts';
import type {SessionKey} from '../attempt/session-event.ts';
import type {Recorder} from '../log/recorder.ts';

export type MergeRequest = {
	readonly subtask: Subtask;
	readonly attempt: number;
	readonly change: Change;
};

export type Merged =
	| {readonly kind: 'merged'}
	| {readonly kind: 'failed'; readonly failure: Failure; readonly evidence?: string};

/** Merges verified changes into the integration head, one at a time, in order of arrival. */
export type MergeLane = {
	merge(request: MergeRequest, signal: AbortSignal): Promise<Merged>;
	/** Finishes a merge that an earlier process started; a finished one is left as it is. */
	settle(request: MergeRequest, intent: {from: string; to: string}): Promise<void>;
};

export function createMergeLane(options: {
	readonly recorder: Recorder;
	readonly workspace: Workspace;
	readonly sandbox: Sandbox;
	readonly clock: Clock;
	readonly checkSession: (key: SessionKey, signal: AbortSignal) => CheckSession;
}): MergeLane {
	const {recorder, workspace} = options;
	let last: Promise<unknown> = Promise.resolve();

	const advance = async (request: MergeRequest, from: string, to: string) => {
		// The last events of an earlier process may not be durable yet.
		await recorder.barrier();
		await workspace.advance(from, to);
		await workspace.sync();
		recorder.emit({type: 'merge-finished', ...scopeOf(request), head: to});
	};

	const mergeNow = async (request: MergeRequest, signal: AbortSignal): Promise<Merged> => {
		signal.throwIfAborted();
		const from = await workspace.head();
		const result = await workspace.merge(request.change, from);
		if (result.kind === 'conflict') {
			recorder.emit({type: 'merge-refused', ...scopeOf(request), paths: [...result.paths]});
			return {
				kind: 'failed',
				failure: {
					kind: 'merge-conflict',
					message: `its change conflicts with what was merged meanwhile: ${result.paths.join(', ')}`,
				},
			};
		}

		if (from !== request.change.base) {
			const red = await checkMerged(request, result.commit, signal, options);
			if (red !== undefined) {
				recorder.emit({type: 'merge-refused', ...scopeOf(request), paths: []});
				const message = 'its checks are red after merging with what was merged meanwhile';
				return {kind: 'failed', failure: {kind: 'check-failed', message}, evidence: red};
			}
		}

		// The commit that the intent names must survive a power loss.
		await workspace.sync();
		signal.throwIfAborted();
		recorder.emit({type: 'merge-started', ...scopeOf(request), from, to: result.commit});
		await advance(request, from, result.commit);
		return {kind: 'merged'};
	};

	return {
		async merge(request, signal) {
			const turn = last.then(async () => mergeNow(request, signal));
			last = turn.catch(() => undefined);
			return turn;
		},
		settle: async (request, {from, to}) => advance(request, from, to),
	};
}

/** Runs the checks of a subtask on the merged tree; returns the report if one is red. */
async function checkMerged(
	{subtask, attempt}: MergeRequest,
	commit: string,
	signal: AbortSignal,
	options: Parameters<typeof createMergeLane>[0],
): Promise<string | undefined> {
	if (subtask.checks.length === 0) {
		return undefined;
	}

	const name = 'merge';
	const {directory} = await options.workspace.open(name, commit);
	try {
		const results = await runChecks(subtask.checks, {
			sandbox: options.sandbox,
			directory,
			timeoutMs: options.recorder.settings().commandTimeoutMs,
			clock: options.clock,
			session: options.checkSession({subtask: subtask.id, attempt}, signal),
			place: 'merged',
		});
		return results.every(({passed}) => passed) ? undefined : reportChecks(results);
	} finally {
		await options.workspace.remove(name);
	}
}

function scopeOf({subtask, attempt}: MergeRequest): {subtask: string; attempt: number} {
	return {subtask: subtask.id, attempt};
}
