import type {AgentLog} from '../../../source/present/log/agent-log.ts';
import type {Row} from '../../../source/present/text/row.ts';

/** All rows that a log holds. */
export function rows(log: AgentLog): readonly Row[] {
	return log.rows(log.dropped, log.length);
}

/** Rows with `{tone:…}` around what is not plain. */
export function shown(log: AgentLog): readonly string[] {
	return rows(log).map(row =>
		row.map(({text, tone}) => (tone === 'plain' ? text : `{${tone}:${text}}`)).join(''),
	);
}
