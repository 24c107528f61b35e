import {z} from 'zod';
import {nearestName} from '../core/nearest-name.ts';

/** An unknown key, and the one that was most likely meant. */
export type MisspelledKey = {
	readonly path: readonly PropertyKey[];
	readonly meant: string;
};

/**
 * The first key, at any depth, that is not in the schema but nearly is, or is what other programs call
 * one of its keys: ignoring it silently would change what the person meant. All other unknown keys are
 * ignored, since they may belong to a newer version.
 */
export function misspelledKey(
	value: unknown,
	schema: z.core.$ZodType,
	path: readonly PropertyKey[] = [],
): MisspelledKey | undefined {
	if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
		return misspelledKey(value, schema.unwrap(), path);
	}

	if (schema instanceof z.ZodUnion) {
		return firstOf(schema.options.map(option => () => misspelledKey(value, option, path)));
	}

	if (Array.isArray(value)) {
		return schema instanceof z.ZodArray
			? firstOf(
					value.map((item, index) => () => misspelledKey(item, schema.element, [...path, index])),
				)
			: undefined;
	}

	if (typeof value !== 'object' || value === null) {
		return undefined;
	}

	const fields = Object.entries(value);
	if (schema instanceof z.ZodRecord) {
		return firstOf(
			fields.map(
				([key, field]) =>
					() =>
						misspelledKey(field, schema.valueType, [...path, key]),
			),
		);
	}

	if (!(schema instanceof z.ZodObject)) {
		return undefined;
	}

	const known: ReadonlyMap<string, z.core.$ZodType> = new Map(Object.entries(schema.shape));
	return firstOf(
		fields.map(([key, field]) => () => {
			const inner = known.get(key);
			if (inner) {
				return misspelledKey(field, inner, [...path, key]);
			}

			const meant = ourName(key, known) ?? nearestName(key, [...known.keys()]);
			return meant === undefined ? undefined : {path: [...path, key], meant};
		}),
	);
}

function firstOf(looks: readonly (() => MisspelledKey | undefined)[]): MisspelledKey | undefined {
	for (const look of looks) {
		const found = look();
		if (found) {
			return found;
		}
	}

	return undefined;
}

/** What we call a key of another program, if this place has it. */
function ourName(key: string, known: ReadonlyMap<string, unknown>): string | undefined {
	const bare = key.toLowerCase().replaceAll(/[-_]/g, '');
	return Object.entries(otherNames).find(
		([name, others]) => known.has(name) && others.includes(bare),
	)?.[0];
}

/**
 * In lower case, without `-` and `_`, from the configuration of opencode, crush, goose, aider, Codex,
 * Continue and LiteLLM.
 */
const otherNames: Readonly<Record<string, readonly string[]>> = {
	baseUrl: ['url', 'apibase', 'apiurl', 'endpoint', 'host', 'openaiapibase', 'address'],
	keyVariable: ['apikey', 'key', 'token', 'envkey', 'apikeyenv', 'apikeyenvvar', 'keyenv'],
	headers: ['extraheaders', 'httpheaders', 'customheaders', 'requestheaders'],
	query: ['queryparams', 'extraquery', 'params'],
	body: ['extrabody', 'extrabodyparams', 'requestbody'],
	maxOutputTokens: ['maxtokens', 'maxcompletiontokens', 'defaultmaxtokens', 'outputlimit'],
	contextTokens: ['contextwindow', 'contextlength', 'contextlimit', 'numctx', 'maxinputtokens'],
	parallelCalls: ['concurrency', 'maxconcurrency', 'maxparallel', 'parallelism'],
	reasoningEffort: ['effort', 'reasoning', 'thinking', 'think', 'modelreasoningeffort'],
	leadProvider: ['provider', 'lead', 'leader'],
	teammates: ['members', 'agents', 'workers'],
	budget: ['maxusd', 'maxcost'],
	type: ['provider', 'api', 'wireapi', 'protocol', 'kind'],
	cacheRead: ['cachedinput', 'cacheinput', 'inputcacheread'],
	cacheWrite: ['cachecreation', 'inputcachewrite'],
	providers: ['modelproviders', 'customproviders', 'services'],
};
