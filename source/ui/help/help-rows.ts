import {fitRow, span, type Row} from '../../present/text/row.ts';
import {keyLabel, keyMap, type Binding, type KeyContext} from '../keys/key-map.ts';

/** The heading of each context, and its column in a two-column layout. */
const headings: readonly (readonly [KeyContext, string, 'left' | 'right'])[] = [
	['everywhere', 'Anywhere', 'right'],
	['run', 'Run', 'left'],
	[
		'approval',
		'Request (keys are ignored for 0.4 s after it appears; Enter never approves)',
		'left',
	],
	['list', 'Navigation', 'right'],
	['log', 'Log', 'right'],
	['plan', 'Plan', 'right'],
	['text', 'Text input', 'right'],
	['replay', 'Replay', 'right'],
	['home', 'Home', 'left'],
];

/**
 * All keys, from the key map, in two columns if there is room. The number of rows does not depend on
 * the order of contexts.
 */
export function helpRows(columns: number, first: readonly KeyContext[] = []): readonly Row[] {
	const sections = sorted(first).map(([context, heading, side]) => ({
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

function sorted(first: readonly KeyContext[]): typeof headings {
	const rankOf = (context: KeyContext) => {
		const index = first.indexOf(context);
		return index === -1 ? first.length : index;
	};
	return headings.toSorted(([a], [b]) => rankOf(a) - rankOf(b));
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
