import {z} from 'zod';
import {runEventSchema} from '../core/run-event.ts';

/** The published JSON Schema of the events, derived from the schemas used to read the log. */
export function runEventJsonSchema(): Record<string, unknown> {
	return {
		...z.toJSONSchema(runEventSchema, {io: 'input'}),
		title: 'Events of a run',
		description:
			'One JSON object a line. `seq` is dense from 1; text over 8 KiB is a blob named by its SHA-256.',
	};
}
