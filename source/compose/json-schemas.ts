import {z} from 'zod';
import {deltaLineSchema, errorLineSchema} from '../core/printed-lines.ts';
import {printedFieldSchemas} from '../core/printed-event.ts';
import {runEventSchema, type RunEventType} from '../core/run-event.ts';
import {listedRunsSchema} from '../core/run-summary.ts';
import {runStateJsonSchema} from '../core/run-state-json.ts';
import {shownRunSchema} from '../core/shown-run.ts';
import {eventDescriptions} from './event-descriptions.ts';

/**
 * The published JSON Schema of everything that `--json` prints, with a definition for each type of line:
 * events, derived from the schemas used to read the log, deltas, and errors.
 */
export function runEventJsonSchema(): Record<string, unknown> {
	const events = runEventSchema.options.map(option => {
		const [type = 'run-started'] = option.shape.type.values;
		return printedOption(option).meta({
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
			'One JSON object a line. `seq` of events is dense from 1. Text over 8 KiB is a blob named by its SHA-256 (`show --blob`); with --full, all text is printed whole.',
	};
}

/** `plan-proposed` → `PlanProposed`. */
function titleOf(type: RunEventType): string {
	return type.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** An event as it is printed: JSON takes the place of texts that hold JSON. */
function printedOption(option: (typeof runEventSchema.options)[number]) {
	switch (option.shape.type.value) {
		case 'plan-proposed':
			return option.extend({plan: printedFieldSchemas.plan});
		case 'model-call-finished':
			return option.extend({answer: printedFieldSchemas.answer});
		default:
			return option;
	}
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

/** The published JSON Schema of what `show --json` prints. */
export function shownRunJsonSchema(): Record<string, unknown> {
	return {
		...printedSchema(shownRunSchema),
		title: 'ShownRun',
		description: 'The document of `show --json`: how a run stands or ended.',
	};
}

/** The published JSON Schema of what `runs --json` prints. */
export function listedRunsJsonSchema(): Record<string, unknown> {
	return {
		...printedSchema(listedRunsSchema),
		title: 'ListedRuns',
		description: 'The document of `runs --json`: the stored runs.',
	};
}

/** As printed: defaults are there, and later versions may add fields. */
function printedSchema(schema: z.ZodType): Record<string, unknown> {
	return z.toJSONSchema(schema, {
		io: 'output',
		override({jsonSchema}) {
			if (jsonSchema.additionalProperties === false) {
				delete jsonSchema.additionalProperties;
			}
		},
	});
}
