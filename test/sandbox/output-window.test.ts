import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {createOutputWindow} from '../../source/sandbox/output-window.ts';

test('what fits is kept whole, however it is cut into chunks', () => {
	fc.assert(
		fc.property(fc.array(fc.string({unit: 'grapheme'})), parts => {
			const window = createOutputWindow(100_000);
			const all = Buffer.from(parts.join(''));
			for (let at = 0; at < all.length; at += 3) {
				window.add(all.subarray(at, at + 3));
			}

			expect(window.text()).toBe(all.toString());
			expect(window.bytes()).toBe(all.length);
		}),
	);
});

test('of more, the two ends stay and the count of what is missing is right', () => {
	fc.assert(
		fc.property(
			fc.array(fc.nat(40), {minLength: 1}),
			fc.integer({min: 2, max: 60}),
			(lengths, maxBytes) => {
				const all = lengths.map((length, i) => String(i % 10).repeat(length)).join('');
				const window = createOutputWindow(maxBytes);
				let at = 0;
				for (const length of lengths) {
					window.add(Buffer.from(all.slice(at, at + length)));
					at += length;
				}

				const half = Math.ceil(maxBytes / 2);
				expect(window.text()).toBe(
					all.length <= 2 * half
						? all
						: `${all.slice(0, half)}\n… ${all.length - 2 * half} bytes left out …\n${all.slice(-half)}`,
				);
			},
		),
	);
});
