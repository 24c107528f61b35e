import type {SubtaskStatus} from '../core/run-state-entries.ts';
import type {Tone} from './text/row.ts';
import {asciiRunGlyphs, asciiStatusGlyphs, runGlyphs, statusGlyphs} from './words.ts';

export const inProgress: readonly SubtaskStatus[] = ['running', 'verifying', 'merging'];

/**
 * Sign and tone of a subtask's status.
 *
 * @param options `atRest`: the run has stopped, so what was in progress shows as stopped
 */
export function statusSign(
	status: SubtaskStatus,
	{atRest, ascii = false}: {readonly atRest: boolean; readonly ascii?: boolean},
): {readonly sign: string; readonly tone: Tone} {
	if (atRest && (inProgress.includes(status) || status === 'awaiting-approval')) {
		return {sign: (ascii ? asciiRunGlyphs : runGlyphs).stopped, tone: 'warning'};
	}

	return {sign: (ascii ? asciiStatusGlyphs : statusGlyphs)[status], tone: statusTone(status)};
}

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
