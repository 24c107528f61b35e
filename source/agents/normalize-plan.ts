import {isJsonList, isJsonObject, parseJson, type Json, type JsonObject} from '../core/json.ts';
import {subtaskIdPattern} from '../core/plan.ts';
import {normalizedName, shorten} from '../core/text.ts';
import {
	checkNames,
	conditions,
	dependencyNames,
	planNames,
	renameFields,
	subtaskNames,
} from './plan-synonyms.ts';

/**
 * Converts a plan as small models write it to the form that `parsePlan` reads, where it is
 * unambiguous: removes wrappers, fixes synonymous or misspelled field names, turns single values
 * into lists, and numbers or texts with spaces into ids. Only missing ids and titles are made up;
 * anything unclear is kept for `parsePlan` to report.
 */
export function normalizePlanAnswer(value: Json): Json {
	const plan = findPlan(value, 0);
	if (!plan) {
		return value;
	}

	const fields = renameFields(plan, planNames);
	const subtasks = subtasksOf(fields['subtasks']);
	if (!subtasks) {
		return fields;
	}

	const ids = idsOf(subtasks);
	return {
		...fields,
		...asLists(fields, ['checks'], checkOf),
		subtasks: subtasks.map((subtask, index) =>
			isJsonObject(subtask) ? subtaskOf(subtask, ids, index) : subtask,
		),
	};
}

const wrappers: ReadonlySet<string> = new Set([
	'plan',
	'result',
	'response',
	'answer',
	'output',
	'json',
	'arguments',
	'parameters',
	'input',
]);

/**
 * The object with the subtasks: in a string, in other objects, alone in a list, or the list itself.
 */
function findPlan(value: Json, depth: number): JsonObject | undefined {
	if (depth > 4) {
		return undefined;
	}

	if (typeof value === 'string') {
		const inner = parseJson(value);
		return inner === undefined ? undefined : findPlan(inner, depth + 1);
	}

	if (isJsonList(value)) {
		const [only, ...others] = value;
		const inner = others.length === 0 ? findPlan(only ?? null, depth + 1) : undefined;
		const isSubtasks = value.length > 0 && value.every(looksLikeSubtask);
		return inner ?? (isSubtasks ? {subtasks: value} : undefined);
	}

	if (!isJsonObject(value)) {
		return undefined;
	}

	if (renameFields(value, planNames)['subtasks'] !== undefined) {
		return value;
	}

	const found = Object.entries(value)
		.filter(([key]) => wrappers.has(normalizedName(key)))
		.map(([, field]) => findPlan(field, depth + 1))
		.filter(field => field !== undefined);
	return found.length === 1 ? found[0] : undefined;
}

function looksLikeSubtask(value: Json): boolean {
	return isJsonObject(value) && renameFields(value, subtaskNames)['instructions'] !== undefined;
}

/** A list, or an object with an entry for each id. */
function subtasksOf(value: Json | undefined): readonly Json[] | undefined {
	const list =
		isJsonObject(value) && Object.values(value).every(isJsonObject)
			? Object.entries(value).map(([id, subtask]) => ({
					id,
					...(isJsonObject(subtask) ? subtask : {}),
				}))
			: value;
	return isJsonList(list)
		? list.map(entry => (isJsonObject(entry) ? renameFields(entry, subtaskNames) : entry))
		: undefined;
}

type Ids = {
	/** The id of each subtask, by index. */
	readonly own: readonly Json[];
	/** The id that a dependency's text refers to: the original id, or a title. */
	readonly byText: ReadonlyMap<string, string>;
};

function idsOf(subtasks: readonly Json[]): Ids {
	const fields = subtasks.map(subtask => (isJsonObject(subtask) ? subtask : {}));
	const written = fields.map(({id}) => textOf(id));
	const own = fields.map(({id}, index) => {
		const text = written[index] ?? (id === undefined ? `subtask-${index + 1}` : undefined);
		return text === undefined ? (id ?? null) : slug(text);
	});
	// Ids that would collide are kept, so that the problem is reported in the model's own terms.
	const isClear = (id: Json) => own.filter(other => other === id).length === 1;
	const resolved = own.map((id, index) => (isClear(id) ? id : (fields[index]?.['id'] ?? id)));
	const byText = new Map<string, string>();
	for (const names of [fields.map(({title}) => textOf(title)), written]) {
		for (const [index, name] of names.entries()) {
			const id = resolved[index];
			if (name !== undefined && typeof id === 'string') {
				const isOnly = names.filter(other => other === name).length === 1;
				byText.set(name, isOnly ? id : name);
			}
		}
	}

	return {own: resolved, byText};
}

function subtaskOf(fields: JsonObject, ids: Ids, index: number): Json {
	const {join, estimate, instructions: said} = fields;
	const instructions = isJsonList(said) && said.every(isText) ? said.join('\n') : said;
	const title = typeof instructions === 'string' ? titleOf(instructions) : undefined;
	const minutes = typeof estimate === 'string' ? minutesOf(estimate) : estimate;
	const known = {
		...fields,
		...(instructions === undefined ? {} : {instructions}),
		...(fields['title'] === undefined && title !== undefined ? {title} : {}),
		...(typeof join === 'string' ? {join: join.toLowerCase()} : {}),
		...(minutes === undefined ? {} : {estimate: minutes}),
		...asLists(fields, ['writes', 'outputs'], item => item),
		...asLists(fields, ['checks'], checkOf),
		...asLists({...fields, dependsOn: splitIds(fields['dependsOn'], ids)}, ['dependsOn'], item =>
			dependencyOf(item, ids),
		),
		id: ids.own[index] ?? null,
	};
	// Models write zero minutes if they don't know.
	return minutes === 0 ? without(known, 'estimate') : known;
}

/** Splits "1, 2" into a list, unless that is a title. */
function splitIds(value: Json | undefined, {byText}: Ids): Json {
	const parts = typeof value === 'string' ? value.split(',').map(part => part.trim()) : [];
	return parts.length > 1 && !byText.has(parts.join(', ')) ? parts : (value ?? []);
}

/** Turns single values into lists; "none" and "" become empty lists. */
function asLists(
	fields: JsonObject,
	names: readonly string[],
	read: (item: Json) => Json,
): JsonObject {
	return Object.fromEntries(
		names.flatMap(name => {
			const value = fields[name];
			if (value === undefined) {
				return [];
			}

			const items = isJsonList(value) ? value : [value];
			const filled = items.filter(item => !isEmptyValue(item));
			return [[name, filled.map(read)]];
		}),
	);
}

function isEmptyValue(value: Json): boolean {
	return (
		value === null ||
		(typeof value === 'string' && /^(?:none|null|n\/a|)$/i.test(value.trim())) ||
		(isJsonObject(value) && Object.keys(value).length === 0)
	);
}

function checkOf(value: Json): Json {
	if (!isJsonObject(value)) {
		return value;
	}

	const fields = renameFields(value, checkNames);
	const {command, name} = fields;
	return name === undefined && command !== undefined && Object.keys(fields).length === 1
		? command
		: fields;
}

function dependencyOf(value: Json, {byText}: Ids): Json {
	const idOf = (given: Json | undefined) => {
		const text = textOf(given);
		return text === undefined ? given : (byText.get(text) ?? text);
	};
	if (!isJsonObject(value)) {
		return idOf(value) ?? null;
	}

	const fields = renameFields(value, dependencyNames);
	const {subtask, when} = fields;
	return {
		...fields,
		...(subtask === undefined ? {} : {subtask: idOf(subtask) ?? null}),
		...(typeof when === 'string' ? {when: conditions[normalizedName(when)] ?? when} : {}),
	};
}

/** Parses "10", "10 min", "10 minutes"; anything else is kept. */
function minutesOf(text: string): Json {
	const [, number] = /^\s*(\d+(?:\.\d+)?)\s*(?:m|mins?|minutes?)?\s*$/i.exec(text) ?? [];
	return number === undefined ? text : Number(number);
}

function titleOf(instructions: string): string | undefined {
	const line = instructions.trim().split('\n', 1)[0]?.trim() ?? '';
	return line === '' ? undefined : shorten(line, 80);
}

/** An id from the text's valid characters, or the text itself if it has none. */
function slug(text: string): string {
	const parts = text.trim().match(/[A-Za-z0-9_-]+/g) ?? [];
	const made = parts
		.join('-')
		.replace(/^[-_]+/, '')
		.slice(0, 64);
	return subtaskIdPattern.test(text) || made === '' ? text : made;
}

function textOf(value: Json | undefined): string | undefined {
	return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined;
}

function without(fields: JsonObject, name: string): JsonObject {
	return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}

function isText(value: Json): value is string {
	return typeof value === 'string';
}
