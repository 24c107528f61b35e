import {railCharacter} from '../../../source/present/rails/cells.ts';
import type {RailLayout} from '../../../source/present/rails/rail-graph.ts';

/** The drawing as text: rails, id, and `← ids` for dependencies without a lane. */
export function railText(
	{rows, width}: RailLayout,
	{ascii = false}: {readonly ascii?: boolean} = {},
): readonly string[] {
	return rows.map(({subtask, cells, spilled}) => {
		const rails = cells.map(cell => railCharacter(cell, ascii)).join('');
		const rest = spilled.map(edge => edge.subtask).join(',');
		const named = rest === '' ? '' : `  ${ascii ? '<-' : '←'} ${rest}`;
		return `${rails.padEnd(width)}  ${subtask.id}${named}`;
	});
}
