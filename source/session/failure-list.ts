import type {RunEvent} from '../core/run-event.ts';
import {sanitizeLine} from '../core/text.ts';
import type {LooseFailure} from '../present/failure-rows.ts';
import {failureLine} from '../present/words.ts';

export type SeenFailure = {
	readonly seq: number;
	/** The subtask or agent that it happened to. */
	readonly subtask: string | undefined;
	readonly agent: string | undefined;
	readonly text: string;
	/** What there is to read of it, where that is no part of a subtask's details. */
	readonly loose: LooseFailure | undefined;
};

/** Failures that nobody has looked at yet: they stay on the screen until somebody has. */
export type FailureList = {
	take(event: RunEvent): void;
	/** Oldest first. */
	unseen(): readonly SeenFailure[];
	/** Marks what happened to a subtask so far, or one failure, as seen. */
	see(what: {readonly subtask: string} | {readonly seq: number}): void;
	/** The numbers of the events that somebody has seen, for who follows the run after this view of it. */
	seen(): ReadonlySet<number>;
	clear(): void;
};

/** @param seenBefore what was seen in another view of the same run: it does not come back */
export function createFailureList(seenBefore: ReadonlySet<number> = new Set()): FailureList {
	let unseen: readonly SeenFailure[] = [];
	const seen = new Set(seenBefore);
	/** Failures whose place another one of the same subtask took, by that one. */
	const replaced = new Map<number, readonly number[]>();
	return {
		take(event) {
			const text = textOf(event);
			if (text !== undefined && !seen.has(event.seq)) {
				const failure = {
					seq: event.seq,
					subtask: 'subtask' in event ? event.subtask : undefined,
					agent: 'agent' in event ? event.agent : undefined,
					text: sanitizeLine(text),
					loose:
						event.type === 'model-call-failed' || event.type === 'check-finished'
							? event
							: undefined,
				};
				// One place for each subtask: the last thing that went wrong with it.
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
		see(what) {
			const isMeant = ({seq, subtask}: SeenFailure) =>
				'seq' in what ? seq === what.seq : subtask === what.subtask;
			for (const {seq} of unseen.filter(isMeant)) {
				for (const number of [seq, ...(replaced.get(seq) ?? [])]) {
					seen.add(number);
				}
			}

			unseen = unseen.filter(failure => !isMeant(failure));
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
			return `${event.subtask} could not be merged`;
		case 'model-call-failed':
			return event.retryInMs === undefined && event.failure.kind !== 'cancelled'
				? `${event.agent}: ${failureLine(event.failure)}`
				: undefined;
		case 'check-finished':
			return event.passed || event.place !== 'whole'
				? undefined
				: `check of the whole FAILED: ${event.check}`;
		default:
			return undefined;
	}
}
