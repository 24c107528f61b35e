import {parseJson, type Json} from '../core/json.ts';
import {subtaskIdPattern} from '../core/plan.ts';
import {shorten} from '../core/text.ts';
import {
	bareOf,
	checkNames,
	conditions,
	dependencyNames,
	isList,
	isObject,
	planNames,
	renamed,
	subtaskNames,
	type Fields,
} from './plan-words.ts';

/**
 * A plan as small models write it, in the form that `parsePlan` reads, as far as there is one reading:
 * wrappers around it are taken off, names of fields in other words or spelling are put right, one text
 * becomes a list of it, ids that are numbers or have blanks become ids. Nothing is invented but an id or
 * title that is missing; what is unclear stays as it is, for `parsePlan` to tell.
 */
export function normalisePlanAnswer(value: Json): Json {
	const plan = planIn(value, 0);
	if (!plan) {
		return value;
	}

	const fields = renamed(plan, planNames);
	const subtasks = subtasksOf(fields['subtasks']);
	if (!subtasks) {
		return fields;
	}

	const ids = idsOf(subtasks);
	return {
		...fields,
		...listed(fields, ['checks'], checkOf),
		subtasks: subtasks.map((subtask, index) =>
			isObject(subtask) ? subtaskOf(subtask, ids, index) : subtask,
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

/** The object that has the subtasks: in a string, in other objects, alone in a list, or the list itself. */
function planIn(value: Json, depth: number): Fields | undefined {
	if (depth > 4) {
		return undefined;
	}

	if (typeof value === 'string') {
		const inner = parseJson(value);
		return inner === undefined ? undefined : planIn(inner, depth + 1);
	}

	if (isList(value)) {
		const [only, ...others] = value;
		const inner = others.length === 0 ? planIn(only ?? null, depth + 1) : undefined;
		const isSubtasks = value.length > 0 && value.every(looksLikeSubtask);
		return inner ?? (isSubtasks ? {subtasks: value} : undefined);
	}

	if (!isObject(value)) {
		return undefined;
	}

	if (renamed(value, planNames)['subtasks'] !== undefined) {
		return value;
	}

	const found = Object.entries(value)
		.filter(([key]) => wrappers.has(bareOf(key)))
		.map(([, field]) => planIn(field, depth + 1))
		.filter(field => field !== undefined);
	return found.length === 1 ? found[0] : undefined;
}

function looksLikeSubtask(value: Json): boolean {
	return isObject(value) && renamed(value, subtaskNames)['instructions'] !== undefined;
}

/** A list, or an object with an entry for each id. */
function subtasksOf(value: Json | undefined): readonly Json[] | undefined {
	const list =
		isObject(value) && Object.values(value).every(isObject)
			? Object.entries(value).map(([id, subtask]) => ({id, ...(isObject(subtask) ? subtask : {})}))
			: value;
	return isList(list)
		? list.map(entry => (isObject(entry) ? renamed(entry, subtaskNames) : entry))
		: undefined;
}

type Ids = {
	/** The id of each subtask, by its place. */
	readonly own: readonly Json[];
	/** The id that a dependency means by a text: the id as it was written, or a title. */
	readonly byText: ReadonlyMap<string, string>;
};

function idsOf(subtasks: readonly Json[]): Ids {
	const fields = subtasks.map(subtask => (isObject(subtask) ? subtask : {}));
	const written = fields.map(({id}) => textOf(id));
	const own = fields.map(({id}, index) => {
		const text = written[index] ?? (id === undefined ? `subtask-${index + 1}` : undefined);
		return text === undefined ? (id ?? null) : slug(text);
	});
	// Ids that became one stay what they were, so that their fault is told as the model knows it.
	const isClear = (id: Json) => own.filter(other => other === id).length === 1;
	const settled = own.map((id, index) => (isClear(id) ? id : (fields[index]?.['id'] ?? id)));
	const byText = new Map<string, string>();
	for (const names of [fields.map(({title}) => textOf(title)), written]) {
		for (const [index, name] of names.entries()) {
			const id = settled[index];
			if (name !== undefined && typeof id === 'string') {
				const isOnly = names.filter(other => other === name).length === 1;
				byText.set(name, isOnly ? id : name);
			}
		}
	}

	return {own: settled, byText};
}

function subtaskOf(fields: Fields, ids: Ids, index: number): Json {
	const {join, estimate, instructions: said} = fields;
	const instructions = isList(said) && said.every(isText) ? said.join('\n') : said;
	const title = typeof instructions === 'string' ? titleOf(instructions) : undefined;
	const minutes = typeof estimate === 'string' ? minutesOf(estimate) : estimate;
	const known = {
		...fields,
		...(instructions === undefined ? {} : {instructions}),
		...(fields['title'] === undefined && title !== undefined ? {title} : {}),
		...(typeof join === 'string' ? {join: join.toLowerCase()} : {}),
		...(minutes === undefined ? {} : {estimate: minutes}),
		...listed(fields, ['writes', 'outputs'], item => item),
		...listed(fields, ['checks'], checkOf),
		...listed({...fields, dependsOn: idsIn(fields['dependsOn'], ids)}, ['dependsOn'], item =>
			dependencyOf(item, ids),
		),
		id: ids.own[index] ?? null,
	};
	// Zero minutes is what models say who do not know.
	return minutes === 0 ? without(known, 'estimate') : known;
}

/** "1, 2" in the place of a list, unless one title is like that. */
function idsIn(value: Json | undefined, {byText}: Ids): Json {
	const parts = typeof value === 'string' ? value.split(',').map(part => part.trim()) : [];
	return parts.length > 1 && !byText.has(parts.join(', ')) ? parts : (value ?? []);
}

/** Lists in the place of single values; "none" and "" are no values. */
function listed(fields: Fields, names: readonly string[], read: (item: Json) => Json): Fields {
	return Object.fromEntries(
		names.flatMap(name => {
			const value = fields[name];
			if (value === undefined) {
				return [];
			}

			const items = isList(value) ? value : [value];
			const filled = items.filter(item => !isNothing(item));
			return [[name, filled.map(read)]];
		}),
	);
}

function isNothing(value: Json): boolean {
	return (
		value === null ||
		(typeof value === 'string' && /^(?:none|null|n\/a|)$/i.test(value.trim())) ||
		(isObject(value) && Object.keys(value).length === 0)
	);
}

function checkOf(value: Json): Json {
	if (!isObject(value)) {
		return value;
	}

	const fields = renamed(value, checkNames);
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
	if (!isObject(value)) {
		return idOf(value) ?? null;
	}

	const fields = renamed(value, dependencyNames);
	const {subtask, when} = fields;
	return {
		...fields,
		...(subtask === undefined ? {} : {subtask: idOf(subtask) ?? null}),
		...(typeof when === 'string' ? {when: conditions[bareOf(when)] ?? when} : {}),
	};
}

/** "10", "10 min", "10 minutes"; everything else is left. */
function minutesOf(text: string): Json {
	const [, number] = /^\s*(\d+(?:\.\d+)?)\s*(?:m|mins?|minutes?)?\s*$/i.exec(text) ?? [];
	return number === undefined ? text : Number(number);
}

function titleOf(instructions: string): string | undefined {
	const line = instructions.trim().split('\n', 1)[0]?.trim() ?? '';
	return line === '' ? undefined : shorten(line, 80);
}

/** An id of the same letters; the text itself when nothing of it may be in an id. */
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

function without(fields: Fields, name: string): Fields {
	return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}

function isText(value: Json): value is string {
	return typeof value === 'string';
}
