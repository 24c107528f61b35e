import {describe, expect, it} from 'vitest';
import {parseLimit} from '../../../../source/ui/run/keys/limits.ts';

describe('a limit', () => {
	it.each<readonly [string, ReturnType<typeof parseLimit>]>([
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
