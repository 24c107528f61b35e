import {expect, test} from 'vitest';
import {retryAfterMs} from '../../../source/providers/transport/retry-after.ts';

test.each<[number | undefined, Record<string, string>]>([
	[undefined, {}],
	[0, {'retry-after': '0'}],
	[1500, {'retry-after': '1.5'}],
	[90_000, {'retry-after': '90'}],
	[250, {'retry-after-ms': '250', 'retry-after': '1'}],
	[30_000, {'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT'}],
	[0, {'retry-after': 'Wed, 21 Oct 2026 07:00:00 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT'}],
	[undefined, {'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT'}],
	[undefined, {'retry-after': 'soon'}],
	[undefined, {'retry-after': '-5'}],
])('waits %s ms for %j', (ms, headers) => {
	expect(retryAfterMs(new Headers(headers))).toBe(ms);
});
