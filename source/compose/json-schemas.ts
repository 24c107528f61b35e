import {z} from 'zod';
import {deltaLineSchema, errorLineSchema} from '../core/printed-lines.ts';
import {runEventSchema, type RunEventType} from '../core/run-event.ts';
import {eventDescriptions} from './event-descriptions.ts';
import {runStateJsonSchema} from '../core/run-state-json.ts';

/**
 * The published JSON Schema of everything that `--json` prints, with a definition for each type of line:
 * events, derived from the schemas used to read the log, deltas, and errors.
 */
export function runEventJsonSchema(): Record<string, unknown> {
	const events = runEventSchema.options.map(option => {
		const [type = 'run-started'] = option.shape.type.values;
		return option.meta({
			id: titleOf(type),
			title: titleOf(type),
			description: eventDescriptions[type],
		});
	});
	const lines = z.union([
		...events,
		deltaLineSchema.meta({
			id: 'Delta',
			title: 'Delta',
			description: 'What an agent says or prints right now; only with --include-deltas.',
		}),
		errorLineSchema.meta({
			id: 'Error',
			title: 'Error',
			description: 'Why the command failed, if that is not part of a report.',
		}),
	]);
	return {
		...z.toJSONSchema(lines, {io: 'input'}),
		title: 'Lines of --json',
		description:
			'One JSON object a line. `seq` of events is dense from 1; text over 8 KiB is a blob named by its SHA-256 (`show --blob`).',
	};
}

/** `plan-proposed` → `PlanProposed`. */
function titleOf(type: RunEventType): string {
	return type.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
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
