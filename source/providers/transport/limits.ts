import {endpointFailure} from '../failures/classify.ts';
import type {Endpoint} from './endpoint.ts';
import type {StreamEvent} from '../provider.ts';

/**
 * Maximum characters of text, thoughts and arguments in one answer; far more than any model writes.
 */
const maxAnswerLength = 8 * 1024 ** 2;

/** Maximum tool calls in one answer: a model that makes more is going in circles. */
const maxCalls = 64;

/** Maximum blocks or items in one answer. */
export const maxBlocks = 1024;

/** Maximum length of a line or event of a stream, in characters. */
export const maxEventLength = 16 * 1024 ** 2;

/** Maximum bytes to read of an error response's body. */
export const maxErrorBytes = 64 * 1024;

/** Maximum bytes to read of a response about models or health. */
export const maxBodyBytes = 16 * 1024 ** 2;

export type AnswerLimits = {
	/** Call for each chunk before it is read. Throws kind `output-cut`. */
	onChunk(chunk: unknown): void;
	/** Call for each event that the chunk yields. Throws kind `bad-call`. */
	onEvent(event: StreamEvent): void;
};

/**
 * Ends an answer that exceeds any sensible size. It is discarded rather than truncated: without the
 * end marker, its last call may be incomplete, and hundreds of calls cannot be trusted anyway.
 * Content that arrives twice (an item, and its parts before) counts twice.
 */
export function createAnswerLimits(endpoint: Endpoint): AnswerLimits {
	let length = 0;
	let calls = 0;
	return {
		onChunk(chunk) {
			length += contentLength(chunk, endpoint);
			if (length > maxAnswerLength) {
				throw endpointFailure(endpoint, 'output-cut', `more than ${maxAnswerLength} characters`);
			}
		},
		onEvent({type}) {
			calls += type === 'tool-call-started' ? 1 : 0;
			if (calls > maxCalls) {
				throw endpointFailure(endpoint, 'bad-call', `more than ${maxCalls} tool calls`);
			}
		},
	};
}

/** Fields that readers keep, in any protocol, including everything nested in them. */
const contentFields: ReadonlySet<string> = new Set([
	'text',
	'content',
	'refusal',
	'thinking',
	'reasoning',
	'reasoning_content',
	'signature',
	'data',
	'arguments',
	'partial_json',
	'input',
	'delta',
	'message',
	'summary',
	'encrypted_content',
	'name',
]);

/** Wrappers of content; `response` repeats the entire answer and is not kept by any reader. */
const wrapperFields: ReadonlySet<string> = new Set(['id', 'response', 'role', 'type']);

/** Deeper than any protocol nests; recursive code would overflow the stack. */
const maxDepth = 128;

/** The length of all strings in content fields, without recursion. */
function contentLength(chunk: unknown, endpoint: Endpoint): number {
	const open: {value: unknown; depth: number; counts: boolean}[] = [
		{value: chunk, depth: 0, counts: false},
	];
	let length = 0;
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		const {value, depth, counts} = next;
		if (typeof value === 'string') {
			length += counts ? value.length : 0;
		} else if (typeof value === 'object' && value !== null) {
			if (depth > maxDepth) {
				throw endpointFailure(endpoint, 'transient', 'the answer does not match the protocol');
			}

			const isList = Array.isArray(value);
			for (const [key, inner] of Object.entries(value)) {
				if (!wrapperFields.has(key)) {
					const isContent = counts || (!isList && contentFields.has(key));
					open.push({value: inner, depth: depth + 1, counts: isContent});
				}
			}
		}
	}

	return length;
}
