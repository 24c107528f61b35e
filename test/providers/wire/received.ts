import {isDeepStrictEqual} from 'node:util';
import {isJsonObject, parseJson, type Json} from '../../../source/core/json.ts';
import type {WireSchemas} from '../../helpers/json-schema.ts';
import {errorBody, renderErrorEvent} from '../../helpers/model-server/errors.ts';
import {render} from '../../helpers/model-server/render.ts';
import type {Answer, Protocol} from '../../helpers/model-server/reply.ts';
import type {Interface} from './exceptions.ts';

/** What comes in a stream, by protocol. */
export const streams = {
	anthropic: ['anthropic', 'RawMessageStreamEvent'],
	openai: ['openai-chat', 'ChatCompletionChunk'],
	responses: ['openai-responses', 'ResponseStreamEvent'],
	ollama: ['ollama', 'ChatResponse'],
} as const satisfies Readonly<Record<Protocol, readonly [Interface, type: string]>>;

export const protocols = ['anthropic', 'openai', 'responses', 'ollama'] as const;

/** What is wrong with all that the scripted server can say in a protocol, by what it says. */
export function problemsReceived(
	protocol: Protocol,
	schemas: WireSchemas,
): Readonly<Record<string, readonly string[]>> {
	const [, type] = streams[protocol];
	const answered = Object.entries(answersIn(protocol)).map(([what, answer]) => [
		what,
		eventsOf(protocol, answer).flatMap(event => schemas.problems(type, event)),
	]);
	const failed = errorsOf(protocol).map(([what, errorType, error]) => [
		what,
		schemas.problems(errorType, error),
	]);
	return Object.fromEntries([...answered, ...failed].filter(([, lines]) => lines?.length));
}

/** The events of an answer, parsed. */
export function eventsOf(protocol: Protocol, answer: Omit<Answer, 'kind'>): readonly Json[] {
	const request = {
		protocol,
		path: '',
		headers: {},
		body: {},
		ordinal: 0,
		model: 'test-model',
		prompt: '',
		lastMessage: '',
		tools: [],
		schema: undefined,
		disconnected: Promise.resolve(),
	};
	const {chunks, end} = render(request, {kind: 'answer', ...answer});
	return (
		[...chunks, ...end]
			.map(dataIn)
			.filter(event => event !== undefined)
			// The package takes these out of the stream, before its types.
			.filter(event => !isDeepStrictEqual(event, {type: 'ping'}))
	);
}

/** An answer with everything in it. */
export const wholeAnswer: Omit<Answer, 'kind'> = {
	thinking: 'Both, then.',
	text: 'I look.',
	calls: [
		{name: 'read_file', arguments: {path: 'a.txt'}},
		{name: 'list_files', arguments: {}, id: 'id-b'},
	],
};

function answersIn(protocol: Protocol): Readonly<Record<string, Omit<Answer, 'kind'>>> {
	const name = 'read_file';
	return {
		everything: wholeAnswer,
		text: {text: 'Grüße, 世界 🎉'},
		'empty text': {text: ''},
		nothing: {},
		'thoughts and text': {thinking: 'Hm, hm, hm.', text: 'Yes.'},
		'thoughts alone': {thinking: 'Hm, hm, hm.'},
		'an answer that was cut': {text: 'A long', stop: 'max-tokens'},
		'a call that was cut': {calls: [{name, arguments: {}}], stop: 'max-tokens'},
		'a refusal': {text: 'No.', stop: 'refusal'},
		'other numbers of tokens': {text: 'Hi.', usage: {input: 9, cached: 0, output: 7}},
		// Where the protocol has them: the others have ids always, or arguments as objects only.
		...(protocol === 'openai' || protocol === 'ollama'
			? {'a call without id': {calls: [{name, arguments: {}, id: null}]}}
			: {}),
		...(protocol === 'ollama'
			? {}
			: {'arguments that are not JSON': {calls: [{name, arguments: '{"path": '}]}}),
	};
}

/** What the last event of a broken stream, and each answer with an error status, say. */
function errorsOf(
	protocol: Protocol,
): readonly (readonly [what: string, type: string, error: Json | undefined])[] {
	const event = dataIn(renderErrorEvent(protocol, 'overloaded_error', 'Overloaded.'));
	if (protocol === 'responses') {
		return [['an error in the stream', 'ResponseErrorEvent', event]];
	}

	const statuses = [400, 401, 404, 429, 500, 529];
	const bodies = statuses.map(status => errorBody(protocol, status, 'test-model'));
	return [event, ...bodies].map((error, index) => {
		const what = index === 0 ? 'an error in the stream' : `status ${statuses[index - 1]}`;
		return protocol === 'openai'
			? [what, 'ErrorObject', isJsonObject(error) ? error['error'] : error]
			: [what, 'ErrorResponse', error];
	});
}

/** `undefined` for an end mark that is not JSON. */
function dataIn(chunk: string): Json | undefined {
	return parseJson(chunk.replace(/^event: .*\n/, '').replace(/^data: /, ''));
}
