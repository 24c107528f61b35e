import {z} from 'zod';

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export type JsonObject = {readonly [key: string]: Json};

export const jsonValueSchema: z.ZodType<Json> = z.json().register(z.globalRegistry, {id: 'Json'});

/** A JSON Schema document for tools and structured answers. */
export type JsonSchema = {readonly [key: string]: Json};

/** The schema as JSON Schema, without the `$schema` line, as models and their servers get it. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
	const {$schema: _, ...document} = z.toJSONSchema(schema);
	return z.record(z.string(), jsonValueSchema).parse(document);
}

/**
 * JSON text that depends on the value alone: keys are sorted by code unit, `undefined` fields are
 * left out. Values with equal canonical text are the same plan, request or call.
 */
export function canonicalJson(value: unknown): string {
	if (Array.isArray(value)) {
		return `[${value.map(item => canonicalJson(item ?? null)).join(',')}]`;
	}

	if (typeof value === 'object' && value !== null) {
		const fields = Object.entries(value)
			.filter(([, field]) => field !== undefined)
			.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
			.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
		return `{${fields.join(',')}}`;
	}

	return JSON.stringify(value) ?? 'null';
}

/** The parsed value, or `undefined` if the text is not JSON. */
export function parseJson(text: string): Json | undefined {
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `Array.isArray` for JSON: it narrows readonly lists too. */
export function isJsonList(value: Json | undefined): value is readonly Json[] {
	return Array.isArray(value);
}
