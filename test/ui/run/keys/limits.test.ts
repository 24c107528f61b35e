import {describe, expect, test} from 'vitest';
import {limitsIn, parseLimit, parseTime} from '../../../../source/ui/run/keys/parse-limit.ts';

describe('a limit', () => {
	test.each<readonly [string, ReturnType<typeof parseLimit>]>([
		['500000', {maxTokens: 500_000}],
		['500k', {maxTokens: 500_000}],
		['500 K', {maxTokens: 500_000}],
		['2M', {maxTokens: 2_000_000}],
		['1.5m', {maxTokens: 1_500_000}],
		['none', {maxTokens: null, maxUsd: null}],
		['No', {maxTokens: null, maxUsd: null}],
		['-', {maxTokens: null, maxUsd: null}],
		['$5', {maxUsd: 5}],
		['$ .5', {maxUsd: 0.5}],
		['$0', undefined],
		['$', undefined],
		['0', undefined],
		['0.4', undefined],
		['-5', undefined],
		['5G', undefined],
		['1e6', undefined],
		['5 000', undefined],
		['99999999999999999999', undefined],
		['', undefined],
	])('%j is %s', (text, limit) => {
		expect(parseLimit(text)).toEqual(limit);
	});
});

describe('a limit on time', () => {
	test.each([
		['90s', 90_000],
		['90 sec', 90_000],
		['1.5min', 90_000],
		['2H', 7_200_000],
		['10m', undefined],
		['0s', undefined],
		['s', undefined],
		['90', undefined],
	])('%j is %s ms', (text, ms) => {
		expect(parseTime(text)).toBe(ms);
	});
});

describe('what a closing line asks for', () => {
	test.each<readonly [string | undefined, ReturnType<typeof limitsIn>]>([
		['llm-orchestrator resume r1 --max-tokens 45210', {maxTokens: 45_210}],
		['llm-orchestrator resume r1 --budget 0.02', {maxUsd: 0.02}],
		['llm-orchestrator resume r1 --timeout 120s', {timeoutMs: 120_000}],
		['llm-orchestrator resume r1 --unpriced allow', {unpriced: 'allow'}],
		['llm-orchestrator resume r1', undefined],
		['wait until tomorrow; then: llm-orchestrator resume r1', undefined],
		['llm-orchestrator resume r1 --max-tokens lots', undefined],
		[undefined, undefined],
	])('%j is %j', (next, change) => {
		expect(limitsIn(next)).toEqual(change);
	});
});
