import type {FailureKind} from '../../core/failure.ts';
import type {ProviderType} from '../../core/settings.ts';
import {providerDefaults, retiredModelHint} from '../defaults.ts';
import {keyHeader, sourceOf, type Endpoint} from '../transport/endpoint.ts';

/** The next thing that a person can do about a failure; `undefined` where nothing is to be done. */
export function hintFor(endpoint: Endpoint, kind: FailureKind, text: string): string | undefined {
	const {type, model} = endpoint;
	const {keyVariable} = providerDefaults[type];
	switch (kind) {
		case 'auth':
			return keyHint(endpoint);
		case 'quota':
			return `check plan and billing of the account behind ${keyVariable}`;
		case 'server-down':
			return startHint(endpoint);
		case 'model-missing':
			return modelHint(endpoint);
		case 'bad-request':
			return requestHint(text, model);
		default:
			return undefined;
	}
}

/** How to start what should answer there; where somebody wrote the address, that may be wrong as well. */
export function startHint(endpoint: Endpoint): string {
	const {type, url, isUsual, isVendor} = endpoint;
	const {startHint: start, needsKey} = providerDefaults[type];
	if (isUsual) {
		return start;
	}

	const address = `the address ${url}${sourceOf(endpoint)}`;
	return isVendor
		? `check the network connection and ${address}`
		: `${needsKey ? 'start the server' : start}, or check ${address}`;
}

function requestHint(text: string, model = 'this one'): string | undefined {
	if (/support tool/i.test(text)) {
		return `choose a model that can call tools, not ${model}`;
	}

	return /requires --jinja/i.test(text) ? 'start llama-server with --jinja' : undefined;
}

function keyHint(endpoint: Endpoint): string {
	const {keyVariable} = providerDefaults[endpoint.type];
	const header = keyHeader(endpoint);
	if (header !== undefined) {
		return `check the header ${header}`;
	}

	return endpoint.apiKey === undefined ? `set ${keyVariable}` : `check ${keyVariable}`;
}

function modelHint({type, url, isVendor, model = '<model>'}: Endpoint): string {
	return (
		wayToServe(type, model) ??
		`see the models it serves: llm-orchestrator test-provider ${type}${isVendor ? '' : ` --base-url ${url}`}`
	);
}

/** How a provider comes to serve a model; `undefined` where a person cannot do anything about it. */
export function wayToServe(type: ProviderType, model: string): string | undefined {
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
