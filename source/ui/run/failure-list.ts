import type {RunEvent} from '../../core/run-event.ts';
import {sanitizeLine} from '../../core/text.ts';
import type {LooseFailure} from '../../present/failure-rows.ts';
import {failureLine} from '../../present/words.ts';

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
	/** Marks what happened to a subtask, or one failure, as seen. */
	see(what: {readonly subtask: string} | {readonly seq: number}): void;
	clear(): void;
};

export function createFailureList(): FailureList {
	let unseen: readonly SeenFailure[] = [];
	return {
		take(event) {
			const text = textOf(event);
			if (text !== undefined) {
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
				unseen = [
					...unseen.filter(({subtask}) => subtask === undefined || subtask !== failure.subtask),
					failure,
				];
			}
		},
		unseen: () => unseen,
		see(what) {
			unseen = unseen.filter(failure =>
				'seq' in what ? failure.seq !== what.seq : failure.subtask !== what.subtask,
			);
		},
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
				: `check of the whole is RED: ${event.check}`;
		default:
			return undefined;
	}
}
