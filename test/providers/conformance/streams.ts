import {expect} from 'vitest';
import type {Answer, ChatRequest} from '../../../source/core/chat.ts';
import {
	ProviderError,
	type Provider,
	type StreamEvent,
} from '../../../source/providers/provider.ts';
import {patienceMs} from '../../helpers/patience.ts';

type Limits = {
	readonly signal?: AbortSignal;
	readonly idleMs?: number;
	readonly noContentMs?: number;
	readonly firstByteMs?: number;
	readonly onEvent?: (event: StreamEvent) => void;
};

/** Limits that only a test about them meets. */
export function limits({
	signal,
	idleMs = patienceMs,
	firstByteMs = patienceMs,
	noContentMs,
}: Limits = {}) {
	return {
		signal: signal ?? new AbortController().signal,
		idleMs,
		firstByteMs,
		noContentMs,
		retry: 0,
	};
}

export async function collect(
	provider: Provider,
	chat: ChatRequest,
	options: Limits = {},
): Promise<StreamEvent[]> {
	const events: StreamEvent[] = [];
	for await (const event of provider.stream(chat, limits(options))) {
		events.push(event);
		options.onEvent?.(event);
	}

	return events;
}

export async function ask(provider: Provider, chat: ChatRequest): Promise<Answer> {
	return finished(await collect(provider, chat));
}

export function finished(events: readonly StreamEvent[]): Answer {
	const answers = events.filter(event => event.type === 'finished');
	expect(answers).toHaveLength(1);
	const last = events.at(-1);
	if (last?.type !== 'finished') {
		throw new Error('The stream did not end with its answer.');
	}

	return last.answer;
}

export async function failureOf(
	provider: Provider,
	chat: ChatRequest,
	options: Limits = {},
): Promise<ProviderError> {
	try {
		await collect(provider, chat, options);
	} catch (error) {
		expect(error).toBeInstanceOf(ProviderError);
		if (error instanceof ProviderError) {
			return error;
		}
	}

	throw new Error('The stream did not fail.');
}
