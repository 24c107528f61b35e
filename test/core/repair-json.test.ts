import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Json} from '../../source/core/json.ts';
import {readJson, repairJson} from '../../source/core/repair-json.ts';

describe('JSON that is nearly right', () => {
	test.each<[what: string, text: string, value: Json]>([
		['a trailing comma', '{"a": [1, 2,], "b": 3,}', {a: [1, 2], b: 3}],
		['raw line breaks and tabs', '{"a": "x\n\ty"}', {a: 'x\n\ty'}],
		['comments', '{"a": 1, // one\n/* two */ "b": 2}', {a: 1, b: 2}],
		['single quotes', `{'a': 'say "hi"', 'b': 'it\\'s'}`, {a: 'say "hi"', b: "it's"}],
		['names without quotes', '{path: "a.ts", max_lines: 3}', {path: 'a.ts', max_lines: 3}],
		['words of Python', '{"a": True, "b": False, "c": None}', {a: true, b: false, c: null}],
		[
			'backslashes that were not doubled',
			'{"pattern": "\\d+\\(\\s*\\)"}',
			{pattern: '\\d+\\(\\s*\\)'},
		],
		['forgotten brackets', '{"a": {"b": [1, 2', {a: {b: [1, 2]}}],
	])('is mended: %s', (_, text, value) => {
		expect(repairJson(text, {ended: true})).toEqual(value);
	});

	test.each([
		'',
		'no',
		'{',
		'{"a"',
		'{"a":',
		'{"a": 1,',
		'{"a": "x',
		'{"a": "x\\',
		'{"a": "say "hi""}',
		"{'a': 'it's'}",
		'{"a": 1 "b": 2}',
		'{"a": 1} {"b": 2}',
		'[1,,2]',
		'{,}',
		'{"a": 01}',
		'{"a": 1.}',
		'{"a": truely}',
		'{"a": "\\u12"}',
		'{a b: 1}',
		// A backspace, or the edge of a word? A quote of the shell, or of JSON?
		'{"pattern": "\\bfoo\\d"}',
		'{"command": "echo \'it\\\'s\'"}',
	])('is not guessed at: %j', text => {
		expect(repairJson(text, {ended: true})).toBeUndefined();
	});

	test('is not closed when it may have been cut', () => {
		expect(repairJson('{"a": [1, 2', {ended: false})).toBeUndefined();
		expect(repairJson('{"a": [1, 2,]}', {ended: false})).toEqual({a: [1, 2]});
	});

	test('is read as the engine reads it when it is right', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
				const text = JSON.stringify(value, undefined, space);
				expect(readJson(text, 0, () => false)).toEqual({value: JSON.parse(text), end: text.length});
			}),
		);
	});

	test('is told only when the engine could not read it otherwise, whatever the text', () => {
		const pieces = fc.constantFrom(
			'{',
			'}',
			'[',
			']',
			'"',
			"'",
			':',
			',',
			'a',
			'1',
			'\\',
			'\n',
			'//',
			'/*',
			'null',
			' ',
		);
		fc.assert(
			fc.property(fc.array(pieces), parts => {
				const text = parts.join('');
				const strict = parsed(text);
				const mended = repairJson(text, {ended: true});
				expect(strict === undefined ? mended : strict).toEqual(mended);
				if (mended !== undefined) {
					expect(JSON.parse(JSON.stringify(mended))).toEqual(mended);
				}
			}),
			{numRuns: 2_000},
		);
	});

	test.each(['[', '{"a":', '"\\', "{'a':'", '/*', '{"a":1,', '\\', '{"a":"b'])(
		'takes linear time to refuse a million characters of %j',
		piece => {
			const text = piece.repeat(1_000_000 / piece.length);
			expect(repairJson(text, {ended: true})).toBeUndefined();
			expect(repairJson(`{"a": [${'1,'.repeat(100_000)}${text}`, {ended: true})).toBeUndefined();
		},
	);
});

function parsed(text: string): Json | undefined {
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}
