import type {ChatRequest} from '../../core/chat.ts';
import {applyToolMode, type ToolMode} from '../../core/tool-modes.ts';
import type {ModelRequest, SmallModelForm} from '../../agents/agent.ts';
import type {Connection} from './connection.ts';

/** Small models copy well and invent badly. */
const smallModelTemperature = 0.2;

/** The request in the form that suits the model and its server. */
export function adaptRequest(
	{forSmallModel, ...asked}: ModelRequest,
	{model, maxOutputTokens, isSmall, toolMode}: Connection,
): ChatRequest {
	const small = isSmall && forSmallModel ? simplify(asked, forSmallModel, toolMode) : undefined;
	const {output, ...rest} = small ?? asked;
	const schema = toolMode.grammar ? output?.grammar : output?.schema;
	return applyToolMode(
		{
			...rest,
			...(small ? {temperature: smallModelTemperature} : {}),
			...(output && schema ? {output: {name: output.name, schema}} : {}),
			model,
			maxOutputTokens,
		},
		{...toolMode, isBrief: small !== undefined && toolMode.grammar},
	);
}

/** Small models say nothing useful when tools are withheld, so a grammar keeps them calling. */
function simplify(
	asked: ModelRequest,
	{examples = [], ...form}: SmallModelForm,
	{tools, grammar}: ToolMode,
): ModelRequest {
	const isDescribed = tools === 'described';
	return {
		...asked,
		...form,
		...(isDescribed ? {messages: [...examples, ...form.messages]} : {}),
		...(isDescribed && grammar && asked.toolChoice === 'none' ? {toolChoice: 'auto'} : {}),
	};
}

/** What makes two requests the same, whichever model they go to. */
export function requestIdentity(asked: ModelRequest): object {
	const {forSmallModel: _, output, ...request} = asked;
	return output ? {...request, output: {name: output.name, schema: output.schema}} : request;
}
