import {failureAt} from '../failures/classify.ts';
import type {Endpoint} from './endpoint.ts';
import type {StreamEvent} from '../provider.ts';

/** Most characters of text, thoughts and arguments in one answer; no model writes as much. */
export const maxAnswerLength = 8 * 1024 ** 2;

/** Most tool calls in one answer: a model that asks for more goes round in circles. */
export const maxCalls = 64;

/** Most blocks or items in one answer. */
export const maxBlocks = 1024;

/** Longest line or event of a stream, in characters. */
export const maxEventLength = 16 * 1024 ** 2;

/** Longest body that is read of an answer with an error status, in bytes. */
export const maxErrorBytes = 64 * 1024;

/** Longest body that is read of an answer about models or health, in bytes. */
export const maxBodyBytes = 16 * 1024 ** 2;

export type AnswerLimits = {
	/** To be told of each chunk before it is read. Throws kind `output-cut`. */
	onChunk(chunk: unknown): void;
	/** To be told of each event that comes of it. Throws kind `bad-call`. */
	onEvent(event: StreamEvent): void;
};

/**
 * Ends an answer that grows beyond what one can sensibly be. Such an answer is given up as a whole,
 * not kept up to the limit: without its end mark nobody knows whether its last call is complete,
 * and of calls by the hundred none can be trusted. What comes twice (an item, and its parts before)
 * counts twice.
 */
export function createAnswerLimits(endpoint: Endpoint): AnswerLimits {
	let length = 0;
	let calls = 0;
	return {
		onChunk(chunk) {
			length += contentLength(chunk, endpoint);
			if (length > maxAnswerLength) {
				throw failureAt(endpoint, 'output-cut', `more than ${maxAnswerLength} characters`);
			}
		},
		onEvent({type}) {
			calls += type === 'tool-call-started' ? 1 : 0;
			if (calls > maxCalls) {
				throw failureAt(endpoint, 'bad-call', `more than ${maxCalls} tool calls`);
			}
		},
	};
}

/** Fields that readers keep, in any protocol; all below them counts. */
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
	'summary',
	'encrypted_content',
	'name',
]);

/** What wraps content; `response` is the whole answer once more, which no reader keeps. */
const wrapping: ReadonlySet<string> = new Set(['id', 'response', 'role', 'type']);

/** No protocol nests as deep; code that reads values by recursion would fail on more. */
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
				throw failureAt(endpoint, 'transient', 'the answer is not what the protocol says');
			}

			const isList = Array.isArray(value);
			for (const [key, inner] of Object.entries(value)) {
				if (!wrapping.has(key)) {
					const isContent = counts || (!isList && contentFields.has(key));
					open.push({value: inner, depth: depth + 1, counts: isContent});
				}
			}
		}
	}

	return length;
}
