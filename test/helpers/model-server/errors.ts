import type {Json} from '../../../source/core/json.ts';
import {data, event, line} from './frames.ts';
import type {Protocol} from './reply.ts';

/** An error event inside a stream that began with status 200. */
export function renderErrorEvent(protocol: Protocol, type: string, message: string): string {
	switch (protocol) {
		case 'anthropic':
			return event('error', {type: 'error', error: {type, message}});
		case 'openai':
			return data({error: {type, message, code: null}});
		case 'responses':
			return event('error', {type: 'error', code: type, message, param: null});
		case 'ollama':
			return line({error: message});
	}
}

/** The body of an answer with an error status. */
export function errorBody(protocol: Protocol, status: number, model: string): Json {
	const message = errorMessages[status] ?? 'Something went wrong.';
	switch (protocol) {
		case 'anthropic': {
			const type = anthropicErrorTypes[status] ?? 'api_error';
			return {type: 'error', error: {type, message: status === 404 ? `model: ${model}` : message}};
		}

		case 'openai':
		case 'responses':
			return status === 404
				? {
						error: {
							message: `The model \`${model}\` does not exist or you do not have access to it.`,
							type: 'invalid_request_error',
							param: null,
							code: 'model_not_found',
						},
					}
				: {error: {message, type: openAiErrorTypes[status] ?? 'server_error', code: null}};
		case 'ollama':
			return {
				error: status === 404 ? `model "${model}" not found, try pulling it first` : message,
			};
	}
}

const errorMessages: Readonly<Record<number, string>> = {
	401: 'The key is not valid.',
	429: 'Too many requests.',
	500: 'Internal server error.',
	529: 'Overloaded.',
};

const anthropicErrorTypes: Readonly<Record<number, string>> = {
	400: 'invalid_request_error',
	401: 'authentication_error',
	404: 'not_found_error',
	429: 'rate_limit_error',
	529: 'overloaded_error',
};

const openAiErrorTypes: Readonly<Record<number, string>> = {
	400: 'invalid_request_error',
	401: 'invalid_request_error',
	429: 'requests',
};
