import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
	createThinkTagSplitter,
	type ThoughtSplit,
} from '../../../source/providers/transport/think-tags.ts';

/** What a reader makes of a text that comes in pieces. */
function heard(pieces: readonly string[]): {thinking: string; text: string} {
	const tags = createThinkTagSplitter();
	const spoken: readonly ThoughtSplit[] = [...pieces.map(piece => tags.push(piece)), tags.flush()];
	return spoken.reduce(
		(all, {thinking, text, reclassified}) => ({
			thinking: all.thinking + (reclassified ? all.text : '') + thinking,
			text: (reclassified ? '' : all.text) + text,
		}),
		{thinking: '', text: ''},
	);
}

function split(text: string, size: number) {
	return heard(text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []);
}

describe.each([1, 2, 5, 9, 100])('in pieces of %d characters', size => {
	test.each([
		['\n<think>a < b</th </think>Yes.', 'a < b</th ', 'Yes.'],
		['<thinking>\nhm</think>\n</thinking>\n\nYes.', '\nhm</think>\n', 'Yes.'],
		['<reasoning>hm</reasoning> Yes.', 'hm', 'Yes.'],
		['[THINK]hm[/THINK]Yes.', 'hm', 'Yes.'],
		['<think>a</think>\n<think>b</think>\n\nYes.', 'ab', 'Yes.'],
		['<think></think>\n\nYes.', '', 'Yes.'],
		[
			'<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Yes.',
			'hm',
			'Yes.',
		],
		[
			'<|start|>assistant<|channel|>analysis<|message|>hm<|channel|>final<|message|>Yes.',
			'hm',
			'Yes.',
		],
		['<|channel|>final<|message|>Yes.', '', 'Yes.'],
		[
			'<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>commentary to=functions.x<|message|>{}',
			'hm',
			'<|start|>assistant<|channel|>commentary to=functions.x<|message|>{}',
		],
	])('takes the thoughts out of %j', (given, thinking, text) => {
		expect(split(given, size)).toEqual({thinking, text});
	});

	test.each(['<think>never ends </thi', '<|channel|>analysis<|message|>never ends <|en'])(
		'takes all of %j as thinking',
		given => {
			expect(split(given, size)).toEqual({
				thinking: given.slice(given.indexOf('never')),
				text: '',
			});
		},
	);

	test.each([
		'Just text, <think> of it.',
		'Between <think> and </think> it thinks.',
		'The tag `</think>` ends it, and </think> too.',
		'<thing>',
		'<think',
		' <thi',
		' \n ',
		'a </think',
		'if (a </ b)',
		'<|channel|>commentary<|message|>Yes.',
	])('leaves %j as it is', text => {
		expect(split(text, size)).toEqual({thinking: '', text});
	});

	test.each([
		['Hm, so.\n</think>\n\nYes.', 'Hm, so.\n', 'Yes.'],
		['\nHm</thinking>Yes </think>.', '\nHm', 'Yes </think>.'],
		['</think>\nYes.', '', 'Yes.'],
		['</think>', '', ''],
		['Hm</think><think>so</think>Yes.', 'Hmso', 'Yes.'],
	])('takes what stands before a lone closing tag as thinking: %j', (given, thinking, text) => {
		expect(split(given, size)).toEqual({thinking, text});
	});

	test('takes the last of two closing tags as text', () => {
		expect(split('<think>a</think>b</think>c', size)).toEqual({thinking: 'a', text: 'b</think>c'});
	});
});

test('shows thoughts and text as they come', () => {
	const tags = createThinkTagSplitter();
	expect(tags.push('<think>Hm')).toEqual({thinking: 'Hm', text: ''});
	expect(tags.push('.</think>\n\nYes')).toEqual({thinking: '.', text: 'Yes'});
	expect(tags.push(' <think>')).toEqual({thinking: '', text: ' <think>'});
});

test('says that what was shown before was thinking, once it is known', () => {
	const tags = createThinkTagSplitter();
	expect(tags.push('Let me ')).toEqual({thinking: '', text: 'Let me '});
	expect(tags.push('see.</thi')).toEqual({thinking: '', text: 'see.'});
	expect(tags.push('nk>\nYes')).toEqual({thinking: '', text: 'Yes', reclassified: true});
	const atOnce = createThinkTagSplitter();
	expect(atOnce.push('Let me see.</think>Yes')).toEqual({thinking: 'Let me see.', text: 'Yes'});
});

test('hears the same however the text is cut into pieces, and loses nothing but tags and blanks', () => {
	const piece = fc.constantFrom(
		'<think>',
		'</think>',
		'<thinking>',
		'[/THINK]',
		'q',
		' ',
		'\n',
		'<',
		'`',
		'<|channel|>analysis<|message|>',
		'<|end|>',
	);
	fc.assert(
		fc.property(fc.array(piece), fc.integer({min: 1, max: 20}), (pieces, size) => {
			const text = pieces.join('');
			const whole = heard([text]);
			expect(split(text, size)).toEqual(whole);
			expect(heard(pieces)).toEqual(whole);
			const letters = (given: string) => given.replaceAll(/[^q]/g, '').length;
			expect(letters(whole.thinking) + letters(whole.text)).toBe(letters(text));
		}),
		{numRuns: 1_000},
	);
});

test.each([' ', '<', 'a', '</think', '<think>'])(
	'takes linear time for a megabyte of %j',
	piece => {
		const count = 300_000;
		expect(heard(Array.from({length: count}, () => piece)).text.length).toBeLessThanOrEqual(
			count * piece.length,
		);
	},
);
