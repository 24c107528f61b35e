import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {canonicalJson, parseJson} from '../../source/core/json.ts';

const anyJson = fc.jsonValue();

describe('canonical JSON', () => {
	test('is JSON of the same value', () => {
		fc.assert(
			fc.property(anyJson, value => {
				expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
			}),
		);
	});

	test('does not depend on the order of keys, at any depth', () => {
		fc.assert(
			fc.property(anyJson, value => {
				expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
			}),
		);
		expect(canonicalJson({b: [{d: 1, c: 2}], a: 'x'})).toBe('{"a":"x","b":[{"c":2,"d":1}]}');
	});

	test('tells different values apart', () => {
		fc.assert(
			fc.property(anyJson, anyJson, (one, other) => {
				const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
				expect(canonicalJson(one) === canonicalJson(other)).toBe(same);
			}),
		);
	});

	test('leaves out what is undefined, so that an absent field and an undefined one are the same', () => {
		expect(canonicalJson({a: undefined, b: {c: undefined}, d: [undefined]})).toBe(
			'{"b":{},"d":[null]}',
		);
		expect(canonicalJson(undefined)).toBe('null');
	});

	test('keeps keys that objects treat in a special way', () => {
		expect(canonicalJson(JSON.parse('{"__proto__":{"a":1},"constructor":2}'))).toBe(
			'{"__proto__":{"a":1},"constructor":2}',
		);
	});
});

describe('parsing', () => {
	test('gives the value, or undefined for what is not JSON', () => {
		expect(parseJson('{"a":[1]}')).toEqual({a: [1]});
		expect(parseJson('null')).toBeNull();
		expect(parseJson('{a: 1}')).toBeUndefined();
		expect(parseJson('')).toBeUndefined();
	});
});

function reversed(value: unknown): unknown {
	return mapped(value, entries => entries.toReversed());
}

function sorted(value: unknown): unknown {
	return mapped(value, entries => entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function mapped(
	value: unknown,
	order: (entries: [string, unknown][]) => [string, unknown][],
): unknown {
	if (Array.isArray(value)) {
		return value.map(item => mapped(item, order));
	}
	if (typeof value !== 'object' || value === null) {
		return value;
	}
	return Object.fromEntries(
		order(Object.entries(value)).map(([key, field]) => [key, mapped(field, order)]),
	);
}
