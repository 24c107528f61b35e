import type {FailureKind} from '../../core/failure.ts';
import type {Provider} from '../provider.ts';
import {providerDefaults, retiredModelHint} from '../defaults.ts';
import {keyHeader, addressSource, type Endpoint} from '../transport/endpoint.ts';

/** A person's next step after a failure; `undefined` if there is none. */
export function hintFor(endpoint: Endpoint, kind: FailureKind, text: string): string | undefined {
	const {type, model} = endpoint;
	const {keyVariable} = providerDefaults[type];
	switch (kind) {
		case 'auth':
			return keyHint(endpoint);
		case 'quota':
			return `check the plan and billing of the account behind ${keyVariable}`;
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

/** How to start the missing server; a custom address may also be wrong. */
export function startHint(endpoint: Endpoint): string {
	const {type, url, isDefault: isUsual, isVendor} = endpoint;
	const {startHint: start, needsKey} = providerDefaults[type];
	if (isUsual) {
		return start;
	}

	const address = `the address ${url}${addressSource(endpoint)}`;
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
		serveHint(type, model) ??
		`see the models it serves: llm-orchestrator test-provider ${type}${isVendor ? '' : ` --base-url ${url}`}`
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
