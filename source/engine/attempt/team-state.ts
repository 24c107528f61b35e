import type {RunState} from '../../core/run-state.ts';
import {shorten} from '../../core/text.ts';

/** Subtasks listed at most. */
const maxLines = 60;

/** The plan and its progress, for the prompt of a compacted conversation. */
export function describeTeam({plan, subtasks}: RunState): string {
	const lines = (plan?.plan.subtasks ?? []).map(({id, title}) => {
		const {status = 'pending', agent, summary = ''} = subtasks.get(id) ?? {};
		const who = agent === undefined || status === 'completed' ? '' : ` (${agent})`;
		return `- ${id}, ${title}: ${status}${who}${summary === '' ? '' : `. ${shorten(summary, 200)}`}`;
	});
	const more = lines.length - maxLines;
	return [
		'The subtasks of the plan:',
		...lines.slice(0, maxLines),
		...(more > 0 ? [`- and ${more} more`] : []),
	].join('\n');
}
