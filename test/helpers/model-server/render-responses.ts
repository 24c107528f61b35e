import type {Json, JsonObject} from '../../../source/core/json.ts';
import {event} from './frames.ts';
import {defaultUsage, idOf, pieces, textOf} from './pieces.ts';
import type {Rendered} from './rendered.ts';
import type {Answer, ModelRequest} from './reply.ts';

/** An answer as the Responses API streams it, with everything that is said twice or thrice. */
export function renderResponses({model, ordinal}: ModelRequest, answer: Answer): Rendered {
	const {thinking, text, calls = [], stop, usage = defaultUsage} = answer;
	const output: JsonObject[] = [];
	const chunks: string[] = [];
	let sequence = 0;
	const send = (type: string, fields: {readonly [key: string]: Json}) =>
		event(type, {type, sequence_number: sequence++, ...fields});
	const response = (fields: {readonly [key: string]: Json}) => ({
		response: {id: `resp_${ordinal}`, object: 'response', model, error: null, ...fields},
	});
	const item = (
		start: JsonObject,
		whole: JsonObject,
		between: (place: {output_index: number; item_id: string}) => readonly string[],
	) => {
		const output_index = output.length;
		const id = `item_${ordinal}_${output_index}`;
		chunks.push(
			send('response.output_item.added', {output_index, item: {id, ...start}}),
			...between({output_index, item_id: id}),
			send('response.output_item.done', {output_index, item: {id, ...whole}}),
		);
		output.push({id, ...whole});
	};

	chunks.push(
		send('response.created', response({status: 'in_progress', output: []})),
		send('response.in_progress', response({status: 'in_progress', output: []})),
	);
	if (thinking !== undefined) {
		const type = 'reasoning';
		const summary = [{type: 'summary_text', text: thinking}];
		const encrypted_content = `encrypted-${ordinal}`;
		item({type, summary: []}, {type, summary, encrypted_content}, place => {
			const here = {...place, summary_index: 0};
			return [
				send('response.reasoning_summary_part.added', {
					...here,
					part: {type: 'summary_text', text: ''},
				}),
				...pieces(thinking).map(delta =>
					send('response.reasoning_summary_text.delta', {...here, delta}),
				),
				send('response.reasoning_summary_text.done', {...here, text: thinking}),
			];
		});
	}

	if (text !== undefined) {
		const isRefusal = stop === 'refusal';
		const type = 'message';
		const part = isRefusal
			? {type: 'refusal', refusal: text}
			: {type: 'output_text', text, annotations: []};
		const name = isRefusal ? 'response.refusal' : 'response.output_text';
		item(
			{type, status: 'in_progress', role: 'assistant', content: []},
			{type, status: 'completed', role: 'assistant', content: text === '' ? [] : [part]},
			place => {
				const here = {...place, content_index: 0};
				return [
					...pieces(text).map(delta => send(`${name}.delta`, {...here, delta})),
					send(`${name}.done`, isRefusal ? {...here, refusal: text} : {...here, text}),
					send('response.content_part.done', {...here, part}),
				];
			},
		);
	}

	for (const [index, scripted] of calls.entries()) {
		const given = idOf(scripted, 'call', ordinal, index);
		const type = 'function_call';
		const start = {type, name: scripted.name, ...(given === null ? {} : {call_id: given})};
		const whole = textOf(scripted);
		item(
			{...start, status: 'in_progress', arguments: ''},
			{...start, status: 'completed', arguments: whole},
			place => [
				...pieces(whole).map(delta =>
					send('response.function_call_arguments.delta', {...place, delta}),
				),
				send('response.function_call_arguments.done', {...place, arguments: whole}),
			],
		);
	}

	const isCut = stop === 'max-tokens';
	const status = isCut ? 'incomplete' : 'completed';
	const end = send(
		`response.${status}`,
		response({
			status,
			output,
			incomplete_details: isCut ? {reason: 'max_output_tokens'} : null,
			usage: {
				input_tokens: usage.input,
				input_tokens_details: {cached_tokens: usage.cached},
				output_tokens: usage.output,
				output_tokens_details: {reasoning_tokens: 0},
				total_tokens: usage.input + usage.output,
			},
		}),
	);
	return {contentType: 'text/event-stream; charset=utf-8', chunks, end: [end]};
}
