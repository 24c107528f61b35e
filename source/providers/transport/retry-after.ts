/**
 * How long an answer asks us to wait, in ms: `retry-after-ms`, or `Retry-After` in seconds or as a
 * date (RFC 9110, 10.2.3). A date is compared with the `Date` of the same answer, so that no clock
 * but the server's counts.
 */
export function retryAfterMs(headers: Headers): number | undefined {
	return (
		nonNegative(headers.get('retry-after-ms'), 1) ??
		nonNegative(headers.get('retry-after'), 1000) ??
		untilDate(headers.get('retry-after'), headers.get('date'))
	);
}

/** More than anybody waits, and less than what a date can hold: ten days. */
const longestMs = 10 * 24 * 60 * 60_000;

function nonNegative(text: string | null, unit: number): number | undefined {
	return text !== null && /^\d+(\.\d+)?$/.test(text.trim())
		? Math.min(longestMs, Number(text) * unit)
		: undefined;
}

function untilDate(text: string | null, now: string | null): number | undefined {
	const wait = timeOf(text ?? '') - timeOf(now ?? '');
	return Number.isNaN(wait) ? undefined : Math.min(longestMs, Math.max(0, wait));
}

/** The form of `asctime` names no zone, as it is always GMT (RFC 9110, 5.6.7). */
function timeOf(date: string): number {
	return Date.parse(/ \d{4}$/.test(date.trim()) ? `${date} GMT` : date);
}
