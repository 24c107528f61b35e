import type {SubtaskStatus} from '../core/run-state.ts';
import type {Tone} from './text/row.ts';
import {asciiRunGlyphs, asciiStatusGlyphs, runGlyphs, statusGlyphs} from './words.ts';

/** Statuses of what is worked on. */
export const underWay: readonly SubtaskStatus[] = ['running', 'verifying', 'merging'];

/**
 * The sign of a subtask and how it is meant.
 *
 * @param options `atRest`: nobody works on the run, so what was under way has stopped with it
 */
export function statusSign(
	status: SubtaskStatus,
	{atRest, ascii = false}: {readonly atRest: boolean; readonly ascii?: boolean},
): {readonly sign: string; readonly tone: Tone} {
	if (atRest && (underWay.includes(status) || status === 'awaiting-approval')) {
		return {sign: (ascii ? asciiRunGlyphs : runGlyphs).stopped, tone: 'warning'};
	}

	return {sign: (ascii ? asciiStatusGlyphs : statusGlyphs)[status], tone: statusTone(status)};
}

/** How a status is meant. */
export function statusTone(status: SubtaskStatus): Tone {
	switch (status) {
		case 'completed':
			return 'good';
		case 'failed':
			return 'bad';
		case 'running':
		case 'verifying':
		case 'merging':
			return 'accent';
		case 'awaiting-approval':
			return 'warning';
		case 'ready':
			return 'plain';
		case 'pending':
		case 'skipped':
		case 'cancelled':
			return 'quiet';
	}
}
