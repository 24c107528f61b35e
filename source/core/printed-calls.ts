import {isJsonList, isJsonObject, type Json, type JsonObject} from './json.ts';
import {readJson, repairJson} from './repair-json.ts';

/** A tool call as the model wrote it; the tool may not exist. */
export type PrintedCall = {readonly name: string; readonly arguments: JsonObject};

/**
 * Parses a text that consists of tool calls only. `undefined` if it contains anything else, even
 * one word: prose may quote a call, or a file's contents, without meaning it. Takes linear time.
 *
 * Accepts JSON objects and lists of them, one after another, in code fences or in the tags of
 * Hermes and Qwen (https://github.com/NousResearch/Hermes-Function-Calling), Mistral, LM Studio
 * (https://lmstudio.ai/docs/developer/openai-compat/tools), Llama, Phi; `<function=name>` with JSON
 * or parameter tags, as in Qwen3-Coder; the markup of gpt-oss
 * (https://developers.openai.com/cookbook/articles/openai-harmony), complete or stripped of its
 * tokens.
 */
export function parsePrintedCalls(text: string): readonly PrintedCall[] | undefined {
	const calls: PrintedCall[] = [];
	for (let at = 0; ;) {
		const start = skipMarkers(text, at);
		if (start === text.length) {
			return calls.length === 0 ? undefined : calls;
		}

		const read = readAt(text, start);
		if (!read) {
			return undefined;
		}

		calls.push(...read.calls);
		at = read.end;
	}
}

/** The first thing in a text that looks like a call, whatever surrounds it. */
export function findCallInProse(text: string): PrintedCall | undefined {
	for (const {index} of text.matchAll(callStarts).take(maxCallStarts)) {
		const [call] = readAt(text, skipMarkers(text, index))?.calls ?? [];
		if (call) {
			return call;
		}
	}

	return undefined;
}

const callStarts = /```|<tool_call>|<function=|<invoke |\[TOOL_|<\|python_tag|\bto=|^[ \t]*[[{]/gm;
/** Each start may be scanned to the end of the text. */
const maxCallStarts = 20;

type ParsedCalls = {readonly calls: readonly PrintedCall[]; readonly end: number};

/** The name of a call that precedes its arguments. */
type CallHead = {readonly name: string; readonly end: number};

/** Markup around calls that carries no information. */
const markers = new RegExp(
	[
		'\\s+',
		'[,;]',
		'```(?:json[5c]?|tool_(?:calls?|code|request)|tool|function_call|function|xml)?',
		'</?(?:tool_calls?|function_calls?|functions?|tools?|invoke|s)>',
		'<\\|/?(?:tool_calls?|python_tag|eom_id|eot_id|im_end|end|call|return)\\|>',
		'\\[/?(?:TOOL_CALLS|TOOL_REQUEST|END_TOOL_REQUEST)\\]',
		'functools(?=\\[)',
	].join('|'),
	'y',
);

const heads = [
	/<function=([\w.:-]{1,100})>/y,
	/<invoke name="([\w.:-]{1,100})">/y,
	/<tool_call>\s*([\w.:-]{1,100})\s*(?=\{)/y,
	/\[TOOL_CALLS\]\s*([\w.:-]{1,100})\s*(?:\[CALL_ID\]\w{1,100})?(?:\[ARGS\])?\s*(?=\{)/y,
];

/** Header of a harmony message: everything before its content. */
const harmony =
	/(?:[\w\s]|<\|\w{1,20}\|>){0,80}?\bto=([\w.:-]{1,100})(?:[\w\s]|<\|\w{1,20}\|>){0,80}/y;
const harmonyWords =
	/<\|(?:start|channel|constrain|message)\|>|\b(?:assistant|assistantcommentary|commentary|analysis|json|code)\b|\bto=[\w.:-]+|\s+/g;

function readAt(text: string, at: number): ParsedCalls | undefined {
	const head = headAt(text, at);
	return head ? readBody(text, head) : readValues(text, at);
}

/** A head may begin like a marker and takes precedence. */
function skipMarkers(text: string, at: number): number {
	while (!headAt(text, at)) {
		const mark = matchAt(markers, text, at);
		if (!mark) {
			break;
		}

		at += mark[0].length;
	}

	return at;
}

function headAt(text: string, at: number): CallHead | undefined {
	const first = text[at];
	if (first === '<' || first === '[') {
		for (const pattern of heads) {
			const found = matchAt(pattern, text, at);
			if (found) {
				return {name: found[1] ?? '', end: at + found[0].length};
			}
		}
	}

	const found = first === '{' || first === '[' ? undefined : matchAt(harmony, text, at);
	const end = at + (found?.[0].length ?? 0);
	return found && text[end] === '{' && found[0].replaceAll(harmonyWords, '') === ''
		? {name: found[1] ?? '', end}
		: undefined;
}

/** The arguments after a name. */
function readBody(text: string, {name, end}: CallHead): ParsedCalls | undefined {
	const start = skipWhitespace(text, end);
	if (text[start] !== '{') {
		return readParameters(text, name, end);
	}

	const read = readJson(text, start, at => isClosing(text, at));
	return read && isJsonObject(read.value)
		? {calls: [{name, arguments: read.value}], end: read.end}
		: undefined;
}

/** `<parameter=path>` and `<parameter name="path">`: values are text on lines of their own. */
function readParameters(text: string, name: string, from: number): ParsedCalls | undefined {
	const fields: [string, Json][] = [];
	let at = skipWhitespace(text, from);
	for (;;) {
		const opening = matchAt(/<parameter(?:=([\w.-]{1,100})| name="([\w.-]{1,100})")>/y, text, at);
		if (!opening) {
			const closing = matchAt(/<\/(?:function|invoke)>/y, text, at);
			return closing
				? {calls: [{name, arguments: Object.fromEntries(fields)}], end: at + closing[0].length}
				: undefined;
		}

		const start = at + opening[0].length;
		const end = text.indexOf('</parameter>', start);
		if (end === -1) {
			return undefined;
		}

		const value = text
			.slice(start, end)
			.replace(/^\r?\n/, '')
			.replace(/\r?\n$/, '');
		fields.push([opening[1] ?? opening[2] ?? '', value]);
		at = skipWhitespace(text, end + '</parameter>'.length);
	}
}

/** An object or a list of objects that are calls. */
function readValues(text: string, at: number): ParsedCalls | undefined {
	const read =
		text[at] === '{' || text[at] === '['
			? readJson(text, at, place => isClosing(text, place))
			: undefined;
	const calls = read && callsOf(read.value);
	return calls && calls.length > 0 ? {calls, end: read.end} : undefined;
}

/** Whether the text ends here, or a tag closes it despite open brackets. */
function isClosing(text: string, at: number): boolean {
	return at === text.length || matchAt(/<\/|```|<\||\[END_/y, text, at) !== undefined;
}

function callsOf(value: Json): readonly PrintedCall[] | undefined {
	if (isJsonList(value)) {
		const calls = value.map(callsOf);
		return calls.every(call => call !== undefined) ? calls.flat() : undefined;
	}

	if (!isJsonObject(value)) {
		return undefined;
	}

	const wrapped = wrappers.flatMap(key => value[key] ?? []);
	const [inner] = wrapped;
	return inner !== undefined &&
		wrappers.some(key => isJsonList(value[key]) || isJsonObject(value[key]))
		? callsOf(wrapped.length === 1 ? inner : wrapped)
		: singleCall(value);
}

function singleCall(value: JsonObject): readonly PrintedCall[] | undefined {
	const nameKey = nameKeys.find(key => typeof value[key] === 'string');
	const name = nameKey === undefined ? undefined : value[nameKey];
	const argumentsKey = argumentKeys.find(key => value[key] !== undefined);
	const rest = Object.entries(value).filter(
		([key]) => key !== nameKey && key !== argumentsKey && !ignoredKeys.has(key),
	);
	if (typeof name !== 'string') {
		// `{"read_file": {"path": "a.ts"}}`
		const [only, ...others] = Object.entries(value);
		return only && others.length === 0 && isJsonObject(only[1])
			? [{name: only[0], arguments: only[1]}]
			: undefined;
	}

	if (argumentsKey === undefined) {
		return [{name, arguments: Object.fromEntries(rest)}];
	}

	const given = value[argumentsKey];
	const args = argumentsOf(given ?? {});
	if (rest.length === 0 && isJsonObject(args)) {
		return [{name, arguments: args}];
	}

	// The tool may have a field of this name.
	return isJsonObject(args)
		? undefined
		: [{name, arguments: {...Object.fromEntries(rest), [argumentsKey]: given ?? null}}];
}

/** Some models write the arguments as a JSON string, as in their own protocol. */
function argumentsOf(given: Json): Json | undefined {
	return typeof given === 'string' ? repairJson(given.trim() || '{}', {ended: true}) : given;
}

const wrappers = ['tool_calls', 'tool_call', 'function_call', 'function'];
const nameKeys = [
	'name',
	'tool',
	'tool_name',
	'function',
	'function_name',
	'recipient_name',
	'action',
];
const argumentKeys = [
	'arguments',
	'parameters',
	'args',
	'params',
	'input',
	'tool_input',
	'action_input',
];
/** Fields that say nothing about the call itself. */
const ignoredKeys: ReadonlySet<string> = new Set([
	'id',
	'call_id',
	'tool_call_id',
	'index',
	'type',
	'thought',
	'thoughts',
	'reasoning',
	'explanation',
]);

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
	pattern.lastIndex = at;
	return pattern.exec(text) ?? undefined;
}

function skipWhitespace(text: string, at: number): number {
	return at + (matchAt(/\s*/y, text, at)?.[0].length ?? 0);
}
