import type {RunEvent} from '../core/run-event.ts';
import {sanitizeLine} from '../core/text.ts';
import type {RunFailure} from '../present/failure-rows.ts';
import {failureLine} from '../present/words.ts';

export type ListedFailure = {
	readonly seq: number;
	/** The subtask or agent that failed. */
	readonly subtask: string | undefined;
	readonly agent: string | undefined;
	readonly text: string;
	/** Its event, for failures outside subtasks, which have details of their own. */
	readonly event: RunFailure | undefined;
};

/** Failures that the user has not looked at yet. */
export type FailureList = {
	add(event: RunEvent): void;
	/** Oldest first. */
	unseen(): readonly ListedFailure[];
	/** Marks one failure, or all failures of a subtask so far, as seen. */
	markSeen(what: {readonly subtask: string} | {readonly seq: number}): void;
	/** Sequence numbers of seen failures, for a later view of the run. */
	seen(): ReadonlySet<number>;
	clear(): void;
};

/** @param seenBefore failures seen in an earlier view of the same run; they do not come back */
export function createFailureList(seenBefore: ReadonlySet<number> = new Set()): FailureList {
	let unseen: readonly ListedFailure[] = [];
	const seen = new Set(seenBefore);
	/** Replaced failures, by the later failure of the same subtask. */
	const replaced = new Map<number, readonly number[]>();
	return {
		add(event) {
			const text = textOf(event);
			if (text !== undefined && !seen.has(event.seq)) {
				const failure = {
					seq: event.seq,
					subtask: 'subtask' in event ? event.subtask : undefined,
					agent: 'agent' in event ? event.agent : undefined,
					text: sanitizeLine(text),
					event:
						event.type === 'model-call-failed' || event.type === 'check-finished'
							? event
							: undefined,
				};
				// One entry per subtask: its latest failure.
				const before = unseen.filter(
					({subtask}) => subtask !== undefined && subtask === failure.subtask,
				);
				replaced.set(
					failure.seq,
					before.flatMap(({seq}) => [seq, ...(replaced.get(seq) ?? [])]),
				);
				unseen = [...unseen.filter(other => !before.includes(other)), failure];
			}
		},
		unseen: () => unseen,
		markSeen(what) {
			const isMatch = ({seq, subtask}: ListedFailure) =>
				'seq' in what ? seq === what.seq : subtask === what.subtask;
			for (const {seq} of unseen.filter(isMatch)) {
				for (const number of [seq, ...(replaced.get(seq) ?? [])]) {
					seen.add(number);
				}
			}

			unseen = unseen.filter(failure => !isMatch(failure));
		},
		seen: () => seen,
		clear() {
			unseen = [];
		},
	};
}

function textOf(event: RunEvent): string | undefined {
	switch (event.type) {
		case 'attempt-failed':
			return `${event.subtask}: attempt ${event.attempt} failed: ${failureLine(event.failure)}`;
		case 'subtask-failed':
			return `${event.subtask} failed: ${failureLine(event.failure)}`;
		case 'merge-refused':
			return `cannot merge ${event.subtask}`;
		case 'model-call-failed':
			return event.retryInMs === undefined && event.failure.kind !== 'cancelled'
				? `${event.agent}: ${failureLine(event.failure)}`
				: undefined;
		case 'check-finished':
			return event.passed || event.place !== 'whole'
				? undefined
				: `final check FAILED: ${event.check}`;
		default:
			return undefined;
	}
}
