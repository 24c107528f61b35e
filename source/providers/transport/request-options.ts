import type {RequestOptions} from '../../core/settings.ts';
import type {JsonObject} from '../../core/json.ts';

type Options = RequestOptions | undefined;

/** The person's options for chat completions. */
export function chatOptions(options: Options): JsonObject {
	const {temperature, reasoningEffort, body} = options ?? {};
	return {
		...(temperature === undefined ? {} : {temperature}),
		...(reasoningEffort === undefined ? {} : {reasoning_effort: reasoningEffort}),
		...body,
	};
}

/** The same for the Responses API. */
export function responsesOptions(options: Options): JsonObject {
	const {temperature, reasoningEffort, body} = options ?? {};
	return {
		...(temperature === undefined ? {} : {temperature}),
		...(reasoningEffort === undefined ? {} : {reasoning: {effort: reasoningEffort}}),
		...body,
	};
}

/**
 * The same for the Messages API, whose effort is part of the output's settings.
 * https://platform.claude.com/docs/en/build-with-claude/effort
 */
export function anthropicOptions(options: Options, output: JsonObject | undefined): JsonObject {
	const {temperature, reasoningEffort, body} = options ?? {};
	return {
		...(temperature === undefined ? {} : {temperature}),
		...(reasoningEffort === undefined ? {} : {output_config: {...output, effort: reasoningEffort}}),
		...body,
	};
}

/** The same for Ollama; `settings` are those of the request. */
export function ollamaOptions(options: Options, settings: JsonObject): JsonObject {
	const {temperature, reasoningEffort, keepAlive, body} = options ?? {};
	return {
		...(temperature === undefined ? {} : {options: {...settings, temperature}}),
		...(reasoningEffort === undefined
			? {}
			: {think: reasoningEffort === 'none' ? false : reasoningEffort}),
		...(keepAlive === undefined ? {} : {keep_alive: keepAlive}),
		...body,
	};
}
