import type {Key} from 'ink';

/**
 * One key: its name (`a`, `A`, `enter`, `ctrl+c`, `shift+tab`) and the text that it types. `burst`:
 * it arrived together with others, as in an unmarked paste.
 */
export type KeyPress = {readonly name: string; readonly text: string; readonly burst: boolean};

/** The keys in a chunk of input: usually one, or several that arrived together. */
export function keyPressesOf(input: string, key: Key): readonly KeyPress[] {
	const special = nameOfSpecial(key);
	if (special !== undefined) {
		return [{name: withModifiers(special, key), text: '', burst: false}];
	}

	if (key.ctrl || key.meta) {
		const name = input === ' ' ? 'space' : input.toLowerCase();
		return name === '' ? [] : [{name: withModifiers(name, key), text: '', burst: false}];
	}

	const letters = [...input];
	// On a slow connection, a text and its Enter may arrive together; an Enter in the middle is a line break.
	return letters.map((letter, index) => {
		const isLast = index === letters.length - 1;
		return fromLetter(letter, letters.length > 1 && !(isLast && letter === '\r'));
	});
}

function nameOfSpecial(key: Key): string | undefined {
	const names = {
		upArrow: 'up',
		downArrow: 'down',
		leftArrow: 'left',
		rightArrow: 'right',
		pageUp: 'pageup',
		pageDown: 'pagedown',
		home: 'home',
		end: 'end',
		return: 'enter',
		escape: 'escape',
		tab: 'tab',
		backspace: 'backspace',
		delete: 'delete',
	} as const;
	for (const [flag, name] of Object.entries(names)) {
		if (key[flag as keyof typeof names]) {
			return name;
		}
	}

	return undefined;
}

function withModifiers(name: string, {ctrl, meta, shift}: Key): string {
	const isLetter = [...name].length === 1;
	return `${ctrl ? 'ctrl+' : ''}${meta ? 'alt+' : ''}${shift && !isLetter ? 'shift+' : ''}${name}`;
}

function fromLetter(letter: string, burst: boolean): KeyPress {
	switch (letter) {
		case '\r':
			return {name: 'enter', text: '\n', burst};
		case '\n':
			return {name: 'ctrl+j', text: '\n', burst};
		case '\t':
			return {name: 'tab', text: '\t', burst};
		case ' ':
			return {name: 'space', text: ' ', burst};
		default: {
			const code = letter.codePointAt(0) ?? 0;
			return code < 32
				? {name: `ctrl+${String.fromCodePoint(code + 96)}`, text: '', burst}
				: {name: letter, text: letter, burst};
		}
	}
}
