import {randomInt} from 'node:crypto';

const letters = '23456789abcdefghjkmnpqrstuvwxyz';

/** A new run id, sortable by time, easy to type and unique: `20261122-143205-k7f3`. */
export function newRunId(now: number): string {
	const stamp = new Date(now).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
	const tail = Array.from({length: 4}, () => letters[randomInt(letters.length)]).join('');
	return `${stamp}-${tail}`;
}
