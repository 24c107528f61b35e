import type {Key} from 'ink';

/**
 * One key, by its name (`a`, `A`, `enter`, `ctrl+c`, `shift+tab`), with the text that it would write.
 * `burst`: it came together with others, as when text is pasted into a terminal that does not mark it.
 */
export type KeyPress = {readonly name: string; readonly text: string; readonly burst: boolean};

/** The keys in one piece of input: mostly one, several when they came at once. */
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
	// Typed fast over a slow line, a text and its Enter come together; an Enter within is a line break.
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
