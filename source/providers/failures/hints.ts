import type {FailureKind} from '../../core/failure.ts';
import type {Provider} from '../provider.ts';
import {foreignKeyVariable, providerDefaults, retiredModelHint} from '../defaults.ts';
import {keyHeader, addressSource, type Endpoint} from '../transport/endpoint.ts';

/** A person's next step after a failure; `undefined` if there is none. */
export function hintFor(endpoint: Endpoint, kind: FailureKind, text: string): string | undefined {
	const {type, model, keyVariable} = endpoint;
	switch (kind) {
		case 'auth':
			return type === 'ollama' && /unauthorized|sign ?in/i.test(text)
				? 'run: ollama signin'
				: keyHint(endpoint);
		case 'quota':
			return `check the plan and billing of the account behind ${keyVariable}`;
		case 'server-down':
			return startHint(endpoint);
		case 'model-missing':
			return unavailableHint(text, type) ?? modelHint(endpoint);
		case 'context-overflow':
			return contextHint(type);
		case 'bad-request':
			return requestHint(text, model);
		default:
			return undefined;
	}
}

/** How to start the missing server; a custom address may also be wrong. */
export function startHint(endpoint: Endpoint): string {
	const {type, url, isDefault: isUsual, proxy} = endpoint;
	if (proxy) {
		const {hostname} = new URL(url);
		return `check the proxy ${proxy.shown} (from ${proxy.from}), or add ${hostname} to NO_PROXY`;
	}

	const {startHint: start, needsKey} = providerDefaults[type];
	if (isUsual) {
		return start;
	}

	const address = `the address ${url}${addressSource(endpoint)}`;
	return isHosted(endpoint)
		? `check the network connection and ${address}`
		: `${needsKey ? 'start the server' : start}, or check ${address}`;
}

/** Whether somebody else runs the server, so that nobody here can start it. */
function isHosted({isVendor, service, url}: Endpoint): boolean {
	return isVendor || (service !== undefined && url.startsWith('https:'));
}

function requestHint(text: string, model = 'this one'): string | undefined {
	if (/support tool/i.test(text)) {
		return `choose a model that can call tools, not ${model}`;
	}

	// https://github.com/pydantic/pydantic-ai/issues/5066
	if (/api[- ]version.*(not allowed|not supported)/i.test(text)) {
		return 'remove api-version from the query: this API has its version in its address';
	}

	return /requires --jinja/i.test(text) ? 'start llama-server with --jinja' : undefined;
}

/** A model that is there, but that the server cannot or may not run. */
function unavailableHint(text: string, type: Provider['type']): string | undefined {
	if (/memory/i.test(text)) {
		return `free some memory, choose a smaller model${type === 'ollama' ? ', or set a smaller contextTokens in the team' : ''}`;
	}

	return /must be verified/i.test(text)
		? 'verify the organization in the settings of its account, or choose another model'
		: undefined;
}

/** What to do about a context that is too small for the conversation. */
export function contextHint(type: Provider['type']): string {
	switch (type) {
		case 'llama-server':
			return 'restart llama-server with a larger -c, or with fewer slots (-np), which share it';
		case 'ollama':
			return 'set a larger contextTokens in the team, or choose a model with a larger context';
		case 'lmstudio':
			return 'load the model with a larger context, or set contextTokens in the team';
		default:
			return 'choose a model with a larger context';
	}
}

function keyHint(endpoint: Endpoint): string {
	const {type, apiKey, keyVariable} = endpoint;
	const header = keyHeader(endpoint);
	if (header !== undefined) {
		return `check the header ${header}`;
	}

	const {keyVariable: ofVendor, name} = providerDefaults[type];
	const why = keyVariable === foreignKeyVariable ? ` (${ofVendor} is sent to ${name} only)` : '';
	return apiKey === undefined ? `set ${keyVariable}${why}` : `check ${keyVariable}${why}`;
}

function modelHint({type, url, isVendor, service, model = '<model>'}: Endpoint): string {
	const which = service ?? `${type}${isVendor ? '' : ` --base-url ${url}`}`;
	return (
		serveHint(type, model) ?? `see the models it serves: llm-orchestrator test-provider ${which}`
	);
}

/** How to make a provider serve a model; `undefined` if a person cannot. */
export function serveHint(type: Provider['type'], model: string): string | undefined {
	switch (type) {
		case 'ollama':
			return `run: ollama pull ${model}`;
		case 'lmstudio':
			return `run: lms load ${model}`;
		case 'llama-server':
			return `start llama-server with ${model}`;
		default:
			return retiredModelHint(model);
	}
}
