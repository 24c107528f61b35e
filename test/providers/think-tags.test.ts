import {expect, test} from 'vitest';
import {createThinkTags, type Spoken} from '../../source/providers/think-tags.ts';

function split(text: string, size: number): Spoken {
	const tags = createThinkTags();
	const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
	const spoken = [...pieces.map(piece => tags.push(piece)), tags.flush()];
	return {
		thinking: spoken.map(({thinking}) => thinking).join(''),
		text: spoken.map(part => part.text).join(''),
	};
}

test.each([1, 2, 5, 9, 100])('takes thoughts out of pieces of %d characters', size => {
	expect(split('Just text, <think> of it.', size)).toEqual({
		thinking: '',
		text: 'Just text, <think> of it.',
	});
	expect(split('\n<think>a < b</th </think>Yes.', size)).toEqual({
		thinking: 'a < b</th ',
		text: 'Yes.',
	});
	expect(split('<think>never ends </thi', size)).toEqual({
		thinking: 'never ends </thi',
		text: '',
	});
	expect(split('<thing>', size)).toEqual({thinking: '', text: '<thing>'});
	expect(split(' <thi', size)).toEqual({thinking: '', text: ' <thi'});
	expect(split('</think>', size)).toEqual({thinking: '', text: '</think>'});
});

test('shows thoughts and text as they come', () => {
	const tags = createThinkTags();
	expect(tags.push('<think>Hm')).toEqual({thinking: 'Hm', text: ''});
	expect(tags.push('.</think>\n\nYes')).toEqual({thinking: '.', text: 'Yes'});
	expect(tags.push(' <think>')).toEqual({thinking: '', text: ' <think>'});
});
