import {span, type Span} from '../../present/row.ts';
import {keyLabel, keyMap, type Binding, type KeyContext} from './key-map.ts';

/** The keys of a context that are worth a place at the bottom: `[a] approve   [r] reject`. */
export function hintsOf(context: KeyContext, without: readonly string[] = []): readonly Span[] {
	const bindings: readonly Binding[] = keyMap[context];
	return bindings
		.filter(({command, hint}) => hint !== undefined && !without.includes(command))
		.flatMap(({keys, hint = ''}) => [
			span(keyLabel(keys[0] ?? ''), 'accent'),
			span(` ${hint}   `, 'quiet'),
		]);
}
