import type {Json} from '../../../source/core/json.ts';
import {data, event, line} from './frames.ts';
import {defaultUsage, idOf, pieces, textOf} from './pieces.ts';
import type {Rendered} from './rendered.ts';
import {renderResponses} from './render-responses.ts';
import type {Answer, ModelRequest, Protocol} from './reply.ts';

/** Writes an answer in the protocol of the request. */
export function render(request: ModelRequest, answer: Answer): Rendered {
	return renderers[request.protocol](request, answer);
}

const renderers: Readonly<Record<Protocol, (request: ModelRequest, answer: Answer) => Rendered>> = {
	anthropic: renderAnthropic,
	openai: renderOpenAi,
	responses: renderResponses,
	ollama: renderOllama,
};

function renderAnthropic({model, ordinal}: ModelRequest, answer: Answer): Rendered {
	const {thinking, text, calls = [], stop, usage = defaultUsage} = answer;
	const blocks: string[][] = [];
	const block = (start: Json, deltas: readonly Json[]) => {
		const index = blocks.length;
		blocks.push([
			event('content_block_start', {type: 'content_block_start', index, content_block: start}),
			...deltas.map(delta =>
				event('content_block_delta', {type: 'content_block_delta', index, delta}),
			),
			event('content_block_stop', {type: 'content_block_stop', index}),
		]);
	};

	if (thinking !== undefined) {
		block({type: 'thinking', thinking: '', signature: ''}, [
			...pieces(thinking).map(piece => ({type: 'thinking_delta', thinking: piece})),
			{type: 'signature_delta', signature: `signed-${ordinal}`},
		]);
	}

	if (text !== undefined) {
		block(
			{type: 'text', text: ''},
			pieces(text).map(piece => ({type: 'text_delta', text: piece})),
		);
	}

	for (const [index, scripted] of calls.entries()) {
		block(
			{
				type: 'tool_use',
				id: idOf(scripted, 'toolu', ordinal, index),
				name: scripted.name,
				input: {},
			},
			pieces(textOf(scripted)).map(piece => ({type: 'input_json_delta', partial_json: piece})),
		);
	}

	const reason = calls.length > 0 ? 'tool_use' : 'end_turn';
	const counts = {
		input_tokens: usage.input - usage.cached,
		cache_read_input_tokens: usage.cached,
		cache_creation_input_tokens: 0,
	};
	return {
		contentType: 'text/event-stream; charset=utf-8',
		chunks: [
			event('message_start', {
				type: 'message_start',
				message: {
					id: `msg_${ordinal}`,
					type: 'message',
					role: 'assistant',
					model,
					content: [],
					stop_reason: null,
					stop_sequence: null,
					usage: {...counts, output_tokens: 1},
				},
			}),
			event('ping', {type: 'ping'}),
			...blocks.flat(),
		],
		end: [
			event('message_delta', {
				type: 'message_delta',
				delta: {stop_reason: anthropicStops[stop ?? ''] ?? reason, stop_sequence: null},
				usage: {output_tokens: usage.output},
			}),
			event('message_stop', {type: 'message_stop'}),
		],
	};
}

const anthropicStops: Readonly<Record<string, string>> = {
	'max-tokens': 'max_tokens',
	refusal: 'refusal',
};

function renderOpenAi({model, ordinal}: ModelRequest, answer: Answer): Rendered {
	const {thinking = '', text = '', calls = [], stop, usage = defaultUsage} = answer;
	const id = `chatcmpl-${ordinal}`;
	const chunk = (fields: {readonly [key: string]: Json}) =>
		data({id, object: 'chat.completion.chunk', created: 0, model, ...fields});
	const choice = (delta: Json, finish: string | null = null) =>
		chunk({choices: [{index: 0, delta, finish_reason: finish}]});
	const callDeltas = calls.flatMap((scripted, index) => {
		const given = idOf(scripted, 'call', ordinal, index);
		const [first = '', ...rest] = pieces(textOf(scripted));
		const start = {
			index,
			...(given === null ? {} : {id: given}),
			type: 'function',
			function: {name: scripted.name, arguments: first},
		};
		return [start, ...rest.map(piece => ({index, function: {arguments: piece}}))];
	});
	const reason = calls.length > 0 ? 'tool_calls' : 'stop';
	return {
		contentType: 'text/event-stream',
		chunks: [
			choice({role: 'assistant', content: null}),
			...pieces(thinking).map(piece => choice({reasoning_content: piece})),
			...pieces(text).map(piece => choice({content: piece})),
			...callDeltas.map(delta => choice({tool_calls: [delta]})),
		],
		end: [
			choice({}, openAiStops[stop ?? ''] ?? reason),
			chunk({
				choices: [],
				usage: {
					prompt_tokens: usage.input,
					completion_tokens: usage.output,
					total_tokens: usage.input + usage.output,
					prompt_tokens_details: {cached_tokens: usage.cached},
				},
			}),
			'data: [DONE]\n\n',
		],
	};
}

const openAiStops: Readonly<Record<string, string>> = {
	'max-tokens': 'length',
	refusal: 'content_filter',
};

function renderOllama({model, ordinal}: ModelRequest, answer: Answer): Rendered {
	const {thinking = '', text = '', calls = [], stop, usage = defaultUsage} = answer;
	const chunk = (message: Json, fields: {readonly [key: string]: Json} = {done: false}) =>
		line({model, created_at: '2026-01-01T00:00:00Z', message, ...fields});
	return {
		contentType: 'application/x-ndjson',
		chunks: [
			...pieces(thinking).map(piece => chunk({role: 'assistant', content: '', thinking: piece})),
			...pieces(text).map(piece => chunk({role: 'assistant', content: piece})),
			...calls.map((scripted, index) => {
				const given = idOf(scripted, 'call', ordinal, index);
				const {name, arguments: args} = scripted;
				return chunk({
					role: 'assistant',
					content: '',
					tool_calls: [
						{...(given === null ? {} : {id: given}), function: {index, name, arguments: args}},
					],
				});
			}),
		],
		end: [
			chunk(
				{role: 'assistant', content: ''},
				{
					done: true,
					done_reason: stop === 'max-tokens' ? 'length' : 'stop',
					prompt_eval_count: usage.input,
					eval_count: usage.output,
					total_duration: 1,
				},
			),
		],
	};
}
