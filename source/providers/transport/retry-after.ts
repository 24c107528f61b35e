/**
 * The delay that a response asks for, in ms: `retry-after-ms`, or `Retry-After` in seconds or as a
 * date (RFC 9110, 10.2.3). A date is relative to the response's `Date`, so only the server's clock
 * matters.
 */
export function retryAfterMs(headers: Headers): number | undefined {
	return (
		nonNegative(headers.get('retry-after-ms'), 1) ??
		nonNegative(headers.get('retry-after'), 1000) ??
		untilDate(headers.get('retry-after'), headers.get('date'))
	);
}

/** Longer than anyone waits and within the range of a date: ten days. */
const maxMs = 10 * 24 * 60 * 60_000;

function nonNegative(text: string | null, unit: number): number | undefined {
	return text !== null && /^\d+(\.\d+)?$/.test(text.trim())
		? Math.min(maxMs, Number(text) * unit)
		: undefined;
}

function untilDate(text: string | null, now: string | null): number | undefined {
	const wait = timeOf(text ?? '') - timeOf(now ?? '');
	return Number.isNaN(wait) ? undefined : Math.min(maxMs, Math.max(0, wait));
}

/** The `asctime` format has no zone, since it is always GMT (RFC 9110, 5.6.7). */
function timeOf(date: string): number {
	return Date.parse(/ \d{4}$/.test(date.trim()) ? `${date} GMT` : date);
}
