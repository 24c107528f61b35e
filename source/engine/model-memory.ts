import type {Failure} from '../core/failure.ts';
import type {ModelTarget} from '../core/settings.ts';
import {createTokenEstimate, type TokenEstimate} from '../core/token-estimate.ts';

/** What this process has learned of the models that it calls. */
export type ModelMemory = {
	/** Endpoints that have answered. */
	readonly reached: Set<string>;
	/** Targets that failed in a way that lasts, by `targetName`. */
	readonly unusable: Map<string, Failure>;
	/** Tokens of context that the model of an agent has, where that is known. */
	readonly contexts: Map<string, number>;
	/** How long requests to a model are, in its tokens. */
	estimateFor(model: string): TokenEstimate;
};

export function createModelMemory(): ModelMemory {
	const estimates = new Map<string, TokenEstimate>();
	return {
		reached: new Set(),
		unusable: new Map(),
		contexts: new Map(),
		estimateFor(model) {
			const known = estimates.get(model) ?? createTokenEstimate();
			estimates.set(model, known);
			return known;
		},
	};
}

/** A target in one text, the same for equal ones: who sends other headers is somebody else. */
export function targetName({provider, model, baseUrl, headers}: ModelTarget): string {
	return JSON.stringify([provider, model, baseUrl, headers]);
}
