import type {Json} from '../../../source/core/json.ts';

/** What the server says about itself. */
export type About = {
	/** Models it lists. Default: `test-model`. */
	readonly models: readonly string[];
	/** Tokens, of one slot. Default: 32768. */
	readonly contextTokens: number;
	/** Default: 2. */
	readonly slots: number;
	/** Whether its models can call tools. Default: true. */
	readonly tools: boolean;
	/** Number of parameters of its models, which llama-server, Ollama and LM Studio tell. Default: 8e9. */
	readonly parameters: number;
};

type Page = {readonly status: number; readonly body: Json};

/** The pages about models and health of all five servers at once. */
export function pageAbout(about: About, path: string): Page | undefined {
	const {models, contextTokens, slots, tools} = about;
	const page = pages[path];
	if (page !== undefined) {
		return {status: 200, body: page(about)};
	}

	const [, model] = /^\/v1\/models\/(.+)$/.exec(decodeURIComponent(path)) ?? [];
	if (model === undefined) {
		return undefined;
	}

	return models.includes(model)
		? {
				status: 200,
				body: {
					id: model,
					type: 'model',
					max_input_tokens: contextTokens,
					max_tokens: 8192,
					slots,
					tools,
				},
			}
		: {
				status: 404,
				body: {type: 'error', error: {type: 'not_found_error', message: `model: ${model}`}},
			};
}

/** The pages that count the tokens of a request: here, the characters of its JSON. */
export function countingPage(path: string, body: Json | undefined): Page | undefined {
	const isCount = /^\/v1\/(messages\/count_tokens|(responses|chat\/completions)\/input_tokens)$/;
	return isCount.test(path)
		? {status: 200, body: {input_tokens: JSON.stringify(body ?? null).length}}
		: undefined;
}

const pages: Readonly<Record<string, (about: About) => Json>> = {
	'/v1/models': ({models, parameters}) => ({
		object: 'list',
		data: models.map(id => ({
			id,
			object: 'model',
			type: 'model',
			display_name: id,
			meta: {n_params: parameters},
		})),
		has_more: false,
	}),
	'/health': () => ({status: 'ok'}),
	'/props': ({contextTokens, slots, tools}) => ({
		total_slots: slots,
		build_info: 'b10488-test',
		default_generation_settings: {n_ctx: contextTokens},
		chat_template_caps: {supports_tools: tools, supports_tool_calls: tools},
	}),
	'/api/version': () => ({version: '0.30.1'}),
	'/api/tags': ({models}) => ({models: models.map(name => ({name, model: name, size: 1}))}),
	'/api/ps': ({models, contextTokens}) => ({
		models: models.slice(0, 1).map(name => ({name, model: name, context_length: contextTokens})),
	}),
	'/api/show': ({contextTokens, tools, parameters}) => ({
		details: {parameter_size: `${parameters / 1e6}M`},
		capabilities: tools ? ['completion', 'tools'] : ['completion'],
		model_info: {'general.architecture': 'test', 'test.context_length': contextTokens},
	}),
	'/api/v1/models': ({models, contextTokens, slots, tools, parameters}) => ({
		models: [
			...models.map((key, index) => ({
				type: 'llm',
				key,
				params_string: `${parameters / 1e9}B`,
				loaded_instances:
					index === 0 ? [{id: key, config: {context_length: contextTokens, parallel: slots}}] : [],
				max_context_length: contextTokens * 4,
				capabilities: {vision: false, trained_for_tool_use: tools},
			})),
			{type: 'embedding', key: 'test-embedding', loaded_instances: [], max_context_length: 512},
		],
	}),
	'/api/v0/models': ({models, contextTokens, tools}) => ({
		object: 'list',
		data: models.map((id, index) => ({
			id,
			object: 'model',
			type: 'llm',
			state: index === 0 ? 'loaded' : 'not-loaded',
			max_context_length: contextTokens * 4,
			...(index === 0 ? {loaded_context_length: contextTokens} : {}),
			capabilities: tools ? ['tool_use'] : [],
		})),
	}),
};
