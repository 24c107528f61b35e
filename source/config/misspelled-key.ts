import leven from 'leven';
import {z} from 'zod';

/** An unknown key, and the one that was most likely meant. */
export type MisspelledKey = {
	readonly path: readonly PropertyKey[];
	readonly meant: string;
};

/** With more edits, it is a different word; short words allow fewer. */
function maxEdits(key: string): number {
	return key.length < 4 ? 1 : 2;
}

/**
 * The first key, at any depth, that is not in the schema but nearly is: ignoring it silently would
 * change what the person meant. All other unknown keys are ignored, since they may belong to a
 * newer version.
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

			const meant = nearest(key, [...known.keys()]);
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

function nearest(key: string, known: readonly string[]): string | undefined {
	const [best] = known
		.map(name => ({name, edits: leven(key, name)}))
		.filter(({edits}) => edits <= maxEdits(key))
		.sort((a, b) => a.edits - b.edits);
	return best?.name;
}
