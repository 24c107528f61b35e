import type {ChatRequest, Usage} from './chat.ts';

/** Characters per token before a server has counted any: code, in most vocabularies. */
const charactersPerToken = 3.5;

/** Weight of the latest count against the earlier ones. */
const weight = 0.3;

/** Estimates the tokens of requests to one model, and learns from the server's counts. */
export type TokenEstimator = {
	/** Tokens of a request: instructions, messages, tools. */
	estimate(request: Pick<ChatRequest, 'system' | 'messages' | 'tools'>): number;
	/** Learns from the server's count for a request. */
	learn(request: Pick<ChatRequest, 'system' | 'messages' | 'tools'>, usage: Usage): void;
};

export function createTokenEstimator(): TokenEstimator {
	let ratio = 1 / charactersPerToken;
	let hasLearned = false;
	return {
		estimate: request => Math.ceil(charactersOf(request) * ratio),
		learn(request, usage) {
			const characters = charactersOf(request);
			const counted = (usage.input ?? 0) + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0);
			const measured = counted / characters;
			// Ignore servers that leave out cached tokens or count nothing.
			if (usage.estimated || usage.input === null || measured < 0.1 || measured > 2) {
				return;
			}

			ratio = hasLearned ? ratio + weight * (measured - ratio) : measured;
			hasLearned = true;
		},
	};
}

function charactersOf({
	system,
	messages,
	tools,
}: Pick<ChatRequest, 'system' | 'messages' | 'tools'>): number {
	return system.length + JSON.stringify({messages, tools}).length;
}
