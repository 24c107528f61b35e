import {FailureError, toFailure} from '../core/failure.ts';
import {interruptedCommandAsks} from '../core/permission.ts';
import type {EventOf} from '../core/run-event.ts';
import {isFinal} from '../core/run-state.ts';
import type {SubtaskState} from '../core/run-state-entries.ts';
import type {PathGuard} from '../sandbox/path-guard.ts';
import type {Sandbox} from '../sandbox/sandbox.ts';
import type {Workspace} from '../workspace/workspace.ts';
import {askFor, type Approvals} from './approvals.ts';
import {workspaceName} from './attempt/workspace-name.ts';
import {hashOfFile} from './attempt/file-hash.ts';
import {createJournal, type Journal} from './attempt/journal.ts';
import type {MergeLane} from './schedule/merge-lane.ts';
import type {History} from './log/history.ts';
import type {Recorder} from './log/recorder.ts';

export type SettleOptions = {
	readonly recorder: Recorder;
	readonly history: History;
	readonly workspace: Workspace;
	readonly sandbox: Sandbox;
	readonly guardPaths: (root: string) => PathGuard;
	readonly lane: MergeLane;
	readonly approvals: Approvals;
	readonly signal: AbortSignal;
};

/**
 * Settles intents that an earlier process left open: finishes merges, and restarts attempts with an
 * interrupted command (or files that differ from the log) under the next number. Model calls, reads and
 * writes are settled when the attempt continues.
 */
export async function settleIntents(options: SettleOptions): Promise<void> {
	const {history, recorder} = options;
	const unsubscribe = recorder.subscribe(event => {
		// The next attempt inherits the answers of the restarted one.
		if (event.type === 'attempt-restarted') {
			history.add(event);
		}
	});
	try {
		await settleAll(options);
	} finally {
		unsubscribe();
	}
}

async function settleAll(options: SettleOptions): Promise<void> {
	const {recorder, lane} = options;
	await options.sandbox.killLeftovers();
	for (const subtask of recorder.state.subtasks.values()) {
		const {finished, merge} = subtask;
		if (isFinal(subtask.status) || subtask.status === 'pending' || subtask.status === 'ready') {
			continue;
		}

		const inPlan = recorder.state.plan?.plan.subtasks.find(({id}) => id === subtask.id);
		if (finished?.change && merge && inPlan) {
			const request = {subtask: inPlan, attempt: finished.attempt, change: finished.change};
			await lane.settle(request, merge);
		} else if (!finished?.merged) {
			await settleAttempt(subtask, options);
		}
	}
}

async function settleAttempt(subtask: SubtaskState, options: SettleOptions): Promise<void> {
	const {recorder} = options;
	const reason = await restartReason(subtask, options).catch((error: unknown) => {
		// Denied by the person: this subtask fails, others continue.
		if (error instanceof FailureError && error.kind === 'cancelled') {
			if (!isOver(subtask, recorder)) {
				recorder.emit({type: 'subtask-failed', subtask: subtask.id, failure: toFailure(error)});
			}

			return undefined;
		}

		throw error;
	});
	if (reason === undefined || isOver(subtask, recorder)) {
		return;
	}

	recorder.emit({
		type: 'attempt-restarted',
		subtask: subtask.id,
		attempt: subtask.attempt,
		reason,
	});
	await options.workspace.remove(workspaceName({subtask, attempt: subtask.attempt}));
}

function isOver({id}: SubtaskState, {state}: Recorder): boolean {
	return isFinal(state.subtasks.get(id)?.status ?? 'failed');
}

async function restartReason(
	subtask: SubtaskState,
	options: SettleOptions,
): Promise<string | undefined> {
	const {history, workspace} = options;
	const key = {subtask: subtask.id, attempt: subtask.attempt};
	const journal = createJournal(history.of(subtask.id), key);
	const check = journal.openCheck();
	if (check !== undefined) {
		return `the check "${check}" was interrupted`;
	}

	if (subtask.finished) {
		return undefined;
	}

	const command = journal.openCalls().find(({effect}) => effect === 'command');
	if (command) {
		await requireRestartPermission(subtask, command, options);
		return `the command "${command.summary}" was interrupted`;
	}

	const found = await workspace.find(workspaceName({subtask, attempt: subtask.attempt}));
	if (!found) {
		return journal.writtenFiles().size === 0 ? undefined : 'its workspace is gone';
	}

	const changed = await changedFile(options.guardPaths(found.directory), journal);
	return changed === undefined ? undefined : `"${changed}" differs from the log`;
}

/** The first file whose content does not match the last logged write or the open intent. */
async function changedFile(files: PathGuard, journal: Journal): Promise<string | undefined> {
	const expected = new Map<string, readonly (string | null)[]>();
	for (const [path, hash] of journal.writtenFiles()) {
		expected.set(path, [hash]);
	}

	for (const {intent} of journal.openCalls()) {
		if (intent) {
			expected.set(intent.path, [intent.before, intent.after]);
		}
	}

	for (const [path, hashes] of expected) {
		if (!hashes.includes(await hashOfFile(files, path))) {
			return path;
		}
	}

	return undefined;
}

/**
 * An unconfined command may have had effects before it was interrupted, so the person decides whether it
 * may run again. The confinement logged with the command counts, not the current one.
 */
async function requireRestartPermission(
	subtask: SubtaskState,
	{confinement, summary: command}: EventOf<'tool-call-started'>,
	{approvals, recorder, signal}: SettleOptions,
): Promise<void> {
	if (!interruptedCommandAsks(recorder.settings().permission, confinement)) {
		return;
	}

	const session = {subtask: subtask.id, attempt: subtask.attempt};
	const decision = await askFor(
		{agent: subtask.agent, ...session},
		{kind: 'interrupted-command', ...session, command},
		{approvals, recorder, signal},
	);
	if (decision.decision === 'approve') {
		return;
	}

	if (decision.origin === 'person') {
		throw new FailureError('cancelled', `"${command}" was interrupted and may not run again`);
	}

	throw new FailureError(
		'denied',
		`"${command}" was interrupted, and running it again needs approval`,
	);
}
