import {span, type Span} from '../../present/text/row.ts';
import {keyLabel, keyMap, type Binding, type KeyContext} from './key-map.ts';

/** The keys of a context with a hint, for the last line: `a approve   r reject`. */
export function hintsOf(context: KeyContext, without: readonly string[] = []): readonly Span[] {
	const bindings: readonly Binding[] = keyMap[context];
	return bindings
		.filter(({command, hint}) => hint !== undefined && !without.includes(command))
		.flatMap(({keys, hint = ''}) => hintOf(keyLabel(keys[0] ?? ''), hint));
}

export function hintOf(key: string, what: string): readonly Span[] {
	return [span(key, 'accent'), span(` ${what}   `, 'quiet')];
}
