import type {Failure} from '../core/failure.ts';

/*
 * Messages to a teammate other than the results of its calls. They must stay byte-identical, since
 * requests are identified by their content.
 */

export const interrupted =
	'The person you work for interrupted your last turn; what had begun in it was ended. Go on as they tell you now.';

export const withheld =
	'Not run: tools are withheld for this turn. Say in words what you will do differently.';

export const cut =
	'Not run: your answer was cut before its end, so this call may not be whole. Go on in smaller steps, one tool call at a time; write a long file in parts.';

export const circles =
	'You repeated calls that changed nothing, so tools are withheld for this turn. Say in words what you have learned and what you will do differently.';

/** The summary of a subtask whose checks pass although its model never called finish. */
export const doneWithoutFinish = 'Its checks pass; the model stopped without a summary.';

export const noFurther = 'the model repeated the same call without getting any further';

export function nudge(wasCut: boolean): string {
	return wasCut
		? 'Your answer was cut because it was too long. Go on in smaller steps: one tool call at a time.'
		: 'Nothing happens without a tool call. Call a tool, or call finish when the subtask is done.';
}

/** After an unusable answer. */
export function nudgeAfter({kind, message}: Failure): string {
	switch (kind) {
		case 'empty-answer':
			return 'Your last answer was empty. Call a tool, or call finish when the subtask is done.';
		case 'bad-call':
			return /more than \d+ tool calls/.test(message)
				? 'Your last answer held far too many tool calls; none was run. Make one call at a time.'
				: `Your last call could not be read, so it was not run: ${reasonIn(message)} Make one call at a time, with arguments that fit the schema of the tool.`;
		default:
			return 'Your last answer went on and on and was ended. Answer with one short tool call.';
	}
}

/** What the server said, without its address. */
function reasonIn(message: string): string {
	const [, ...reason] = message.split(': ');
	return reason.length === 0 ? message : `${reason.join(': ').replace(/\.$/, '')}.`;
}

export function silentFor(turns: number, wasCut: boolean): string {
	return wasCut
		? `the answers of the model were cut before their end ${turns} times`
		: `the model called no tool in ${turns} answers`;
}
