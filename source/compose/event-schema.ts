import {z} from 'zod';
import {runEventSchema} from '../core/run-event.ts';

/** The published JSON Schema of the events, made of the schemas that the log itself is read with. */
export function runEventJsonSchema(): Record<string, unknown> {
	return {
		...z.toJSONSchema(runEventSchema, {io: 'input'}),
		title: 'Events of a run',
		description:
			'One JSON object a line. `seq` is dense from 1; text over 8 KiB is a blob named by its SHA-256.',
	};
}
