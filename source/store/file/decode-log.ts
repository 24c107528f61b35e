import type {RunEvent} from '../../core/run-event.ts';
import {StoreError} from '../../core/store-error.ts';
import {decodeEventLine} from '../log-line.ts';

/** Read position in a log: bytes and lines from its start, and the last event's seq and epoch. */
export type LogPosition = {
	readonly offset: number;
	readonly line: number;
	readonly seq: number;
	readonly epoch: number;
};

export const logStart: LogPosition = {offset: 0, line: 0, seq: 0, epoch: 0};

/** `torn`: the bytes after the last complete line, if any. */
export type LogPart = {
	readonly events: readonly RunEvent[];
	readonly end: LogPosition;
	readonly torn: Buffer;
};

/** Decodes lines from `bytes`, which follow `from` in the file `path`. */
export function decodeLog(bytes: Buffer, from: LogPosition, path: string): LogPart {
	const events: RunEvent[] = [];
	let {line, seq, epoch} = from;
	let start = 0;
	for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
		const decoded = decodeEventLine(bytes, start, end);
		if (decoded.kind === 'broken' && end === bytes.length - 1) {
			break;
		}
		const place = {path, line: line + 1, offset: from.offset + start};
		if (decoded.kind !== 'event') {
			throw damaged(place, decoded);
		}

		const {event} = decoded;
		line += 1;
		start = end + 1;
		// From a superseded writer that had not noticed yet: its lines don't count.
		if (event.epoch < epoch) {
			continue;
		}
		if (event.seq !== seq + 1) {
			throw outOfOrder(place, seq + 1, event.seq);
		}
		({seq, epoch} = event);
		events.push(event);
	}

	return {
		events,
		end: {offset: from.offset + start, line, seq, epoch},
		torn: bytes.subarray(start),
	};
}

const newline = 0x0a;

type LineLocation = {readonly path: string; readonly line: number; readonly offset: number};

function damaged(
	place: LineLocation,
	line: {readonly kind: 'broken'} | {readonly kind: 'newer' | 'invalid'; readonly detail: string},
): StoreError {
	switch (line.kind) {
		case 'broken':
			return new StoreError('damaged', `${where(place)} is damaged: checksum mismatch`, {
				hint: cutHint(place),
			});
		case 'newer':
			return new StoreError(
				'damaged',
				`${where(place)} was written by a newer version of llm-orchestrator (${line.detail})`,
				{hint: 'Use that version or a later one for this run.'},
			);
		case 'invalid':
			return new StoreError('damaged', `${where(place)} is not a valid event (${line.detail})`, {
				hint: cutHint(place),
			});
	}
}

function outOfOrder(place: LineLocation, expected: number, seq: number): StoreError {
	return new StoreError(
		'damaged',
		`${where(place)} is out of order: found event ${seq} instead of event ${expected}`,
		{hint: cutHint(place)},
	);
}

function where({path, line, offset}: LineLocation): string {
	return `${path}: line ${line} (byte ${offset})`;
}

function cutHint({path, offset}: LineLocation): string {
	return `Restore the file from a backup, or continue with the events before it: cp ${path} ${path}.damaged && truncate -s ${offset} ${path}`;
}
