import type {Failure} from '../core/failure.ts';
import type {TokenCount} from '../core/run-report.ts';
import type {RunStatus, SubtaskStatus} from '../core/run-state-entries.ts';

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(ms: number): string {
	const seconds = ms / 1_000;
	if (seconds < 10) {
		return `${seconds.toFixed(1)} s`;
	}

	const whole = Math.round(seconds);
	if (whole < 60) {
		return `${whole} s`;
	}

	const minutes = Math.floor(whole / 60);
	return minutes < 60
		? `${minutes} min ${String(whole % 60).padStart(2, '0')} s`
		: `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `950`, `12.3k`, `4.5M`. */
export function tokens(count: number): string {
	if (count < 1_000) {
		return String(count);
	}

	return count < 1_000_000
		? `${(count / 1_000).toFixed(count < 100_000 ? 1 : 0)}k`
		: `${(count / 1_000_000).toFixed(1)}M`;
}

/** `$0`, `$0.004`, `$1.25`. */
export function money(usd: number): string {
	return usd === 0 ? '$0' : `$${usd.toFixed(usd < 0.1 ? 3 : 2)}`;
}

/** The same, with a `+` when part of it is unpriced: `$1.25+`. */
export function atLeast({usd, unpriced}: Pick<TokenCount, 'usd' | 'unpriced'>): string {
	return `${money(usd)}${unpriced > 0 ? '+' : ''}`;
}

/** Known cost of calls: `$1.25`, `at least $1.25`, `unpriced`. */
export function spending({calls, usd, unpriced}: TokenCount): string {
	if (unpriced === 0) {
		return money(usd);
	}

	return unpriced === calls ? 'unpriced' : `at least ${money(usd)}`;
}

/** One glyph per subtask status; all terminals agree on their width. */
export const statusGlyphs: Readonly<Record<SubtaskStatus, string>> = {
	pending: '·',
	ready: '○',
	running: '◐',
	'awaiting-approval': '?',
	verifying: '◑',
	merging: '◒',
	completed: '✓',
	failed: '✗',
	skipped: '–',
	cancelled: '⊘',
};

/** For terminals without UTF-8. */
export const asciiStatusGlyphs: Readonly<Record<SubtaskStatus, string>> = {
	pending: '.',
	ready: 'o',
	running: '>',
	'awaiting-approval': '?',
	verifying: '~',
	merging: '+',
	completed: 'v',
	failed: 'x',
	skipped: '-',
	cancelled: '/',
};

export const runGlyphs: Readonly<Record<RunStatus, string>> = {
	planning: '…',
	'awaiting-approval': '?',
	running: '◐',
	paused: '‖',
	stopped: '■',
	completed: '✓',
	failed: '✗',
	rejected: '✗',
	cancelled: '⊘',
};

/** For terminals without UTF-8. */
export const asciiRunGlyphs: Readonly<Record<RunStatus, string>> = {
	planning: '.',
	'awaiting-approval': '?',
	running: '>',
	paused: '"',
	stopped: '#',
	completed: 'v',
	failed: 'x',
	rejected: 'x',
	cancelled: '/',
};

/** A status in words for views. */
export function statusText(status: RunStatus | SubtaskStatus): string {
	return status === 'awaiting-approval' ? 'waiting for you' : status;
}

/** A reason in the log, addressed to the person who reads it. */
export function reasonText(reason: string): string {
	return reason.replace(/\bby the person$/, 'by you');
}

/** A failure in one line, with its hint. */
export function failureLine({kind, message, hint}: Failure): string {
	return `${message} [${kind}]${hint === undefined ? '' : ` → ${hint}`}`;
}

/** Elapsed time: `02:41`, `1:02:41`. */
export function stopwatch(ms: number): string {
	const seconds = Math.max(0, Math.floor(ms / 1_000));
	const two = (value: number) => String(value).padStart(2, '0');
	const hours = Math.floor(seconds / 3_600);
	const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
	return hours === 0 ? rest : `${hours}:${rest}`;
}

/** An ISO time as local time of day: `14:02:09`. */
export function clockTime(time: string): string {
	const date = new Date(time);
	return Number.isNaN(date.getTime())
		? '?'
		: [date.getHours(), date.getMinutes(), date.getSeconds()]
				.map(value => String(value).padStart(2, '0'))
				.join(':');
}

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago`. */
export function ago(ms: number): string {
	const minutes = Math.floor(ms / 60_000);
	if (!Number.isFinite(ms) || minutes < 1) {
		return 'just now';
	}

	if (minutes < 60) {
		return `${minutes} min ago`;
	}

	const hours = Math.floor(minutes / 60);
	return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}
