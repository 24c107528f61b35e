import {textWidth} from './text/width.ts';

/**
 * As many names as fit in `width`, and how many are left: `api, ui +3`. When none fits, only the
 * count: `5`.
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
