import type {Answer, Part, StopReason} from '../source/core/chat.ts';
import type {Json} from '../source/core/json.ts';

type Args = Readonly<Record<string, Json>>;

/** A call that a model intends to make. */
export type IntendedCall = {readonly name: string; readonly args: Args};

/** What is sent in place of the call: failures of small models, as reported by their users. */
export type Fault = (
	call: IntendedCall,
	around: {
		/** The previous call, and the intended next one. */
		readonly before: IntendedCall | undefined;
		readonly next: IntendedCall | undefined;
		readonly pick: <Choice>(choices: readonly Choice[]) => Choice;
	},
) => Answer;

type CallFormat = (name: string, args: Args) => string;

const callFormats: Readonly<Record<string, CallFormat>> = {
	json: (name, args) => JSON.stringify({name, arguments: args}),
	'json, other words': (tool, parameters) => JSON.stringify({tool, parameters}, undefined, 2),
	'arguments as text': (name, args) => JSON.stringify({name, arguments: JSON.stringify(args)}),
	list: (name, args) => JSON.stringify([{name, arguments: args}]),
	fence: (name, args) => `\`\`\`json\n${JSON.stringify({name, arguments: args})}\n\`\`\``,
	'tool_call fence': (name, args) =>
		`\`\`\`tool_call\n${JSON.stringify({name, arguments: args})}\n\`\`\``,
	tool_call: (name, args) =>
		`<tool_call>\n${JSON.stringify({name, arguments: args})}\n</tool_call>`,
	'tool_call, torn': (name, args) =>
		`<tool_call>\n${JSON.stringify({name, arguments: args}).slice(0, -1)}\n</tool_call>`,
	function: (name, args) => `<function=${name}>${JSON.stringify(args)}</function>`,
	python_tag: (name, args) => `<|python_tag|>${JSON.stringify({name, parameters: args})}`,
	TOOL_REQUEST: (name, args) =>
		`[TOOL_REQUEST]${JSON.stringify({name, arguments: args})}[END_TOOL_REQUEST]`,
	TOOL_CALLS: (name, args) => `[TOOL_CALLS] ${JSON.stringify([{name, arguments: args}])}`,
	harmony: (name, args) =>
		`<|channel|>commentary to=functions.${name} <|constrain|>json<|message|>${JSON.stringify(args)}`,
	'harmony, torn': (name, args) => `to=functions.${name} json${JSON.stringify(args)}`,
};

const names: readonly ((name: string) => string)[] = [
	name => `functions.${name}`,
	name => `default_api.${name}`,
	name => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
	name => name.toUpperCase(),
	name => name.replaceAll('_', '-'),
	name => `${name}<|channel|>commentary`,
];

/** Arguments of the wrong type whose meaning is clear. */
const types: readonly ((args: Args) => Args)[] = [
	args => mapFields(args, value => (typeof value === 'string' ? value : JSON.stringify(value))),
	args => ({arguments: args}),
	args => ({input: JSON.stringify(args)}),
	args => ({...args, description: 'What I do now'}),
	args => ({...args, offset: null}),
];

/** Arguments that are not JSON. The last one is ambiguous. */
const torn: readonly ((args: Args) => string)[] = [
	args => JSON.stringify(args).replace(/\}$/, ',}'),
	args => JSON.stringify(args).slice(0, -1),
	args => JSON.stringify(args).replaceAll('\\n', '\n'),
	args =>
		`{${Object.entries(args)
			.map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
			.join(', ')}}`,
	args => JSON.stringify(JSON.stringify(args)),
	args =>
		JSON.stringify(args)
			.replace(/:"/, ':""')
			.replace(/":"([^"]*)$/, '":"say "$1'),
];

export const faults: Readonly<Record<string, Fault>> = {
	'printed as text': ({name, args}, {pick}) =>
		textAnswer(pick(Object.values(callFormats))(name, args)),
	'printed behind thoughts': ({name, args}, {pick}) =>
		textAnswer(
			`${pick(['<think>\n', ''])}Now I need ${name}.\n</think>\n\n${pick(Object.values(callFormats))(name, args)}`,
		),
	'printed between words': ({name, args}, {pick}) =>
		textAnswer(`I will go on.\n\n${pick(Object.values(callFormats))(name, args)}`),
	'wrong name': ({name, args}, {pick}) => callAnswer([{name: pick(names)(name), args}]),
	'wrong types': ({name, args}, {pick}) => callAnswer([{name, args: pick(types)(args)}]),
	'invalid JSON': ({name, args}, {pick}) => answerOf([nativeCall(name, pick(torn)(args))]),
	'missing argument': ({name, args}) =>
		callAnswer([{name, args: Object.fromEntries(Object.entries(args).slice(1))}]),
	'empty answer': () => textAnswer(''),
	'prose instead of a call': ({name}) =>
		textAnswer(`I will now call ${name} to go on with the task.`),
	'the same call again': (call, {before}) => callAnswer([before ?? call]),
	'unknown tool': ({args}, {pick}) =>
		callAnswer([{name: pick(['open_file', 'bash', 'str_replace']), args}]),
	'two calls at once': (call, {next}) => callAnswer(next ? [call, next] : [call, call]),
	'cut inside a call': ({name, args}) => {
		const text = JSON.stringify(args);
		const half = text.slice(0, Math.ceil(text.length / 2));
		return answerOf([nativeCall(name, half)], 'max-tokens');
	},
};

/** An answer with correct calls. */
export function callAnswer(calls: readonly IntendedCall[]): Answer {
	return answerOf(calls.map(({name, args}) => nativeCall(name, JSON.stringify(args), args)));
}

export function textAnswer(text: string): Answer {
	return answerOf(text === '' ? [] : [{kind: 'text', text}], 'end');
}

function answerOf(parts: readonly Part[], stopReason: StopReason = 'tool-calls'): Answer {
	return {
		message: {role: 'assistant', parts: [...parts], origin: {provider: 'demo', model: 'noisy'}},
		stopReason,
		usage: {
			input: 1,
			cacheRead: null,
			cacheWrite: null,
			output: 1,
			reasoning: null,
			estimated: false,
		},
		model: 'noisy',
	};
}

/** The caller assigns ids. */
function nativeCall(name: string, argumentsText: string, args?: Args): Part {
	return {
		kind: 'tool-call',
		id: '',
		name,
		argumentsText,
		...(args ? {arguments: {...args}} : {}),
	};
}

function mapFields(args: Args, read: (value: Json) => Json): Args {
	return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, read(value)]));
}
