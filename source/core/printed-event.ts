import {z} from 'zod';
import {answerSchema, type Answer} from './chat.ts';
import {parseJson} from './json.ts';
import {blobSchema, payloadSchema, type Payload} from './payload.ts';
import {fullPlanSchema, planSchema, type Plan} from './plan.ts';
import {withSeparateHint} from './run-report.ts';
import {runEventSchema, type EventOf, type RunEvent} from './run-event.ts';

/** The fields of events that hold JSON as text in the log, as they are printed. */
export const printedFieldSchemas = {
	plan: z
		.union([fullPlanSchema, blobSchema, z.null()])
		.describe(
			'A plan over 8 KiB is a blob, except with --full. `null`: not a plan that this version can read.',
		),
	answer: z
		.union([
			answerSchema.meta({id: 'Answer', description: 'The complete answer of a model.'}),
			blobSchema,
			z.null(),
		])
		.describe('A blob, except with --full. `null`: not an answer that this version can read.'),
};

type Blob = z.infer<typeof blobSchema>;

/** An event as `--json` prints it: JSON takes the place of texts that hold JSON. */
export type PrintedEvent =
	| Exclude<RunEvent, {readonly type: 'plan-proposed' | 'model-call-finished'}>
	| (Omit<EventOf<'plan-proposed'>, 'plan'> & {readonly plan: Plan | Blob | null})
	| (Omit<EventOf<'model-call-finished'>, 'answer'> & {readonly answer: Answer | Blob | null});

/** Texts of blobs, by hash. */
export type BlobTexts = ReadonlyMap<string, string>;

/** @param texts blobs that are printed whole; others are named by their hash */
export function printedEvent(event: RunEvent, texts: BlobTexts = new Map()): PrintedEvent {
	const filled =
		texts.size === 0
			? event
			: runEventSchema.parse(mapPayloads(event, payload => withText(payload, texts)));
	switch (filled.type) {
		case 'plan-proposed':
			return {...filled, plan: read(filled.plan, planSchema)};
		case 'model-call-finished':
			return {...filled, answer: read(filled.answer, answerSchema)};
		case 'run-finished':
		case 'run-stopped':
			return {...filled, report: withSeparateHint(filled.report)};
		default:
			return filled;
	}
}

/** The hashes of all blobs that an event names. */
export function blobsOf(event: RunEvent): readonly string[] {
	const hashes: string[] = [];
	mapPayloads(event, payload => {
		if (typeof payload !== 'string') {
			hashes.push(payload.blob);
		}

		return payload;
	});
	return hashes;
}

function withText(payload: Payload, texts: BlobTexts): Payload {
	return typeof payload === 'string' ? payload : (texts.get(payload.blob) ?? payload);
}

function read<Value>(payload: Payload, schema: z.ZodType<Value>): Value | Blob | null {
	return typeof payload === 'string'
		? (schema.safeParse(parseJson(payload)).data ?? null)
		: payload;
}

/**
 * A copy of the event with other payloads. They are found by the schema, so that JSON of an agent that looks
 * like a blob is left alone.
 */
function mapPayloads(event: RunEvent, change: (payload: Payload) => Payload): unknown {
	const schema = runEventSchema.options.find(({shape}) => shape.type.value === event.type);
	return mapValue(schema, event, change);
}

function mapValue(
	schema: z.core.$ZodType | undefined,
	value: unknown,
	change: (payload: Payload) => Payload,
): unknown {
	if (schema === payloadSchema) {
		const payload = payloadSchema.safeParse(value).data;
		return payload === undefined ? value : change(payload);
	}

	if (schema instanceof z.ZodOptional) {
		return mapValue(schema.unwrap(), value, change);
	}

	if (schema instanceof z.ZodObject && typeof value === 'object' && value !== null) {
		const {shape} = schema;
		return Object.fromEntries(
			Object.entries(value).map(([key, entry]) => [key, mapValue(shape[key], entry, change)]),
		);
	}

	return value;
}
