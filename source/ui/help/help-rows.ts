import {fitRow, span, type Row} from '../../present/text/row.ts';
import {keyLabel, keyMap, type Binding, type KeyContext} from '../keys/key-map.ts';

/** What each context is called, and the column that it stands in where there are two. */
const headings: readonly (readonly [KeyContext, string, 'left' | 'right'])[] = [
	['everywhere', 'Everywhere', 'right'],
	['run', 'A run', 'left'],
	['approval', 'A request (dead for 0.4 s after it appears; Enter never approves)', 'left'],
	['list', 'Moving', 'right'],
	['log', 'A log', 'right'],
	['plan', 'The plan', 'right'],
	['text', 'Writing', 'right'],
	['replay', 'A replay', 'right'],
	['home', 'Home', 'left'],
];

/**
 * All keys, from the map that they are matched by: in two columns where there is room. How many rows
 * there are does not depend on which contexts come first.
 */
export function helpRows(columns: number, first: readonly KeyContext[] = []): readonly Row[] {
	const sections = inOrder(first).map(([context, heading, side]) => ({
		side,
		rows: sectionOf(context, heading),
	}));
	if (columns < 140) {
		return sections.flatMap(({rows}) => rows);
	}

	const columnOf = (wanted: string) =>
		sections.filter(({side}) => side === wanted).flatMap(({rows}) => rows);
	const left = columnOf('left');
	const right = columnOf('right');
	const width = Math.floor((columns - 3) / 2);
	return Array.from({length: Math.max(left.length, right.length)}, (_, index) => [
		...fitRow(left[index] ?? [], width),
		span('  '),
		...fitRow(right[index] ?? [], width),
	]);
}

function inOrder(first: readonly KeyContext[]): typeof headings {
	const placeOf = (context: KeyContext) => {
		const place = first.indexOf(context);
		return place === -1 ? first.length : place;
	};
	return headings.toSorted(([a], [b]) => placeOf(a) - placeOf(b));
}

function sectionOf(context: KeyContext, heading: string): readonly Row[] {
	const bindings: readonly Binding[] = keyMap[context];
	return [
		[],
		[span(` ${heading}`, 'heading')],
		...(context === 'run' ? [keyRow('1 … 9', 'team, plan, logs')] : []),
		...bindings.map(({keys, help}) => keyRow(keys.map(keyLabel).join(' '), help)),
	];
}

function keyRow(keys: string, help: string): Row {
	return [span(`   ${keys.padEnd(16)} `, 'accent'), span(help)];
}
