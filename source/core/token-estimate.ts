import type {ChatRequest, Usage} from './chat.ts';

/** Characters that one token stands for before a server has counted any: code, in most vocabularies. */
const charactersPerToken = 3.5;

/** How much the latest count of a server weighs against those before it. */
const weight = 0.3;

/** Estimates the tokens of requests to one model, and learns from what the server counts. */
export type TokenEstimate = {
	/** Tokens of a request: instructions, messages, tools. */
	of(request: Pick<ChatRequest, 'system' | 'messages' | 'tools'>): number;
	/** Takes into account what the server counted for a request. */
	learn(request: Pick<ChatRequest, 'system' | 'messages' | 'tools'>, usage: Usage): void;
};

export function createTokenEstimate(): TokenEstimate {
	let ratio = 1 / charactersPerToken;
	let hasLearned = false;
	return {
		of: request => Math.ceil(charactersOf(request) * ratio),
		learn(request, usage) {
			const characters = charactersOf(request);
			const counted = (usage.input ?? 0) + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0);
			const measured = counted / characters;
			// Servers that leave out what they had cached, or count nothing, teach nothing.
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
