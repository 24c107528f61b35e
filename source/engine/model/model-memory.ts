import type {Failure} from '../../core/failure.ts';
import type {ModelTarget} from '../../core/settings.ts';
import {createTokenEstimator, type TokenEstimator} from '../../core/token-estimator.ts';

/** What this process has learned of the models that it calls, for all of its agents. */
export type ModelMemory = {
	/** An endpoint has answered. */
	answered(endpoint: string): void;
	hasAnswered(endpoint: string): boolean;
	/** A target has failed in a way that lasts. */
	markFailed(target: ModelTarget, failure: Failure): void;
	/** How it was lost; `undefined` while it can be asked. */
	failureOf(target: ModelTarget): Failure | undefined;
	/** The model of an agent has so many tokens of context; `null`: nobody knows. */
	setContextTokens(agent: string, tokens: number | null): void;
	contextTokensOf(agent: string): number | undefined;
	/** How long requests to a model are, in its tokens. */
	estimateFor(model: string): TokenEstimator;
};

export function createModelMemory(): ModelMemory {
	const reached = new Set<string>();
	const failures = new Map<string, Failure>();
	const contexts = new Map<string, number>();
	const estimates = new Map<string, TokenEstimator>();
	return {
		answered(endpoint) {
			reached.add(endpoint);
		},
		hasAnswered: endpoint => reached.has(endpoint),
		markFailed(target, failure) {
			failures.set(targetKey(target), failure);
		},
		failureOf: target => failures.get(targetKey(target)),
		setContextTokens(agent, tokens) {
			if (tokens === null) {
				contexts.delete(agent);
			} else {
				contexts.set(agent, tokens);
			}
		},
		contextTokensOf: agent => contexts.get(agent),
		estimateFor(model) {
			const known = estimates.get(model) ?? createTokenEstimator();
			estimates.set(model, known);
			return known;
		},
	};
}

/** A target in one text, the same for equal ones: who sends other headers is somebody else. */
function targetKey({provider, model, baseUrl, headers}: ModelTarget): string {
	return JSON.stringify([provider, model, baseUrl, headers]);
}
