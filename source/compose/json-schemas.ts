import {z} from 'zod';
import {runEventSchema} from '../core/run-event.ts';
import {runStateJsonSchema} from '../core/run-state-json.ts';

/** The published JSON Schema of the events, derived from the schemas used to read the log. */
export function runEventJsonSchema(): Record<string, unknown> {
	return {
		...z.toJSONSchema(runEventSchema, {io: 'input'}),
		title: 'Events of a run',
		description:
			'One JSON object a line. `seq` is dense from 1; text over 8 KiB is a blob named by its SHA-256.',
	};
}

/** The published JSON Schema of the state of a run, derived from the schema that clients read it with. */
export function runStateSchema(): Record<string, unknown> {
	return {
		...z.toJSONSchema(runStateJsonSchema, {io: 'input'}),
		title: 'State of a run',
		description:
			'The fold of the events up to `seq`. Absent fields have no value yet; text over 8 KiB is a blob named by its SHA-256.',
	};
}
