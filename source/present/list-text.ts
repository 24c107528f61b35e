import {textWidth} from './text/width.ts';

/**
 * As many names as `width` has room for, and how many there are besides: `api, ui +3`; when there is no
 * room for one, how many there are: `5`.
 */
export function listText(names: readonly string[], separator: string, width: number): string {
	let text = '';
	for (const [index, name] of names.entries()) {
		const longer = index === 0 ? name : text + separator + name;
		const left = names.length - index - 1;
		if (textWidth(longer) + (left === 0 ? 0 : ` +${left}`.length) > width) {
			return index === 0 ? String(names.length) : `${text} +${left + 1}`;
		}

		text = longer;
	}

	return text;
}
