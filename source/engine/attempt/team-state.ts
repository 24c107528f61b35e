import type {RunState} from '../../core/run-state.ts';
import {shorten} from '../../core/text.ts';

/** Subtasks that are told of; a plan of more is told in part. */
const maxLines = 60;

/** The plan and how far it has come, as an agent is told whose conversation is made shorter. */
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
