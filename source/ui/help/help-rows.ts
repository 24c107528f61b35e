import {fitRow, span, type Row} from '../../present/row.ts';
import {keyLabel, keyMap, type Binding, type KeyContext} from '../keys/key-map.ts';

const headings: readonly (readonly [KeyContext, string])[] = [
	['everywhere', 'Everywhere'],
	['run', 'A run'],
	['approval', 'A request (dead for 0.4 s after it appears; Enter never approves)'],
	['list', 'Moving'],
	['log', 'A log'],
	['plan', 'The plan'],
	['text', 'Writing'],
	['replay', 'A replay'],
	['home', 'Home'],
];

/** All keys, from the map that they are matched by: in two columns where there is room. */
export function helpRows(columns: number): readonly Row[] {
	const sections = headings.map(([context, heading]) => sectionOf(context, heading));
	if (columns < 140) {
		return sections.flat();
	}

	const left = sections.filter((_, index) => index % 2 === 0).flat();
	const right = sections.filter((_, index) => index % 2 === 1).flat();
	const width = Math.floor((columns - 3) / 2);
	return Array.from({length: Math.max(left.length, right.length)}, (_, index) => [
		...fitRow(left[index] ?? [], width),
		span('  '),
		...fitRow(right[index] ?? [], width),
	]);
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
