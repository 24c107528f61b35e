import * as fc from 'fast-check';
import {poison} from '../../core/hostile.ts';

/** Text as a model that means harm writes it, among lines of all kinds. */
export const hostileText = fc
	.array(
		fc.oneof(
			fc.constantFrom(
				poison,
				'\u001B',
				'\u001B[',
				'\u001B[1;3',
				'\u001B]0;t',
				'\u001B]52;c;eA==\u0007',
				'\u001BP',
				'\u001B\\',
				'\u001B(',
				'\u009B2',
				'\u009D',
				'\u009C',
				'\u0007',
				'\u202E',
				'\u2066',
				'\u200B',
				'\u200D',
				'\uFE0F',
				'\u3164',
				'\uD83D',
				'\uDE00',
				'\r',
				'\r\n',
				'\n',
				'\n\n',
				'\t',
				' ',
				'  ',
				'm',
				'[',
				'**',
				'`',
				'```\n',
				'```diff\n',
				'@@ -1,2 +1 @@\n',
				'- ',
				'> ',
				'# ',
				'語語語',
				'e\u0301',
				'👍🏽',
				'🇩🇪',
				'word ',
				'x'.repeat(30),
			),
			fc.string({unit: 'binary', maxLength: 4}),
			fc.string({unit: 'grapheme', maxLength: 8}),
		),
		{maxLength: 25},
	)
	.map(pieces => pieces.join(''));

/** A text in pieces, cut at any places. */
export function cutAnywhere(text: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> {
	return text.chain(whole =>
		fc
			.array(fc.nat(whole.length), {maxLength: 12})
			.map(places => [0, ...places.toSorted((a, b) => a - b), whole.length])
			.map(places => places.slice(1).map((place, index) => whole.slice(places[index], place))),
	);
}
