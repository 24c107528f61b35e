import type {Failure, FailureLesson} from '../../core/failure.ts';
import type {ModelTarget} from '../../core/settings.ts';
import {createTokenEstimator, type TokenEstimator} from '../../core/token-estimator.ts';

/** What this process has learned about models, shared by its agents. */
export type ModelMemory = {
	/** Records that an endpoint has answered. */
	answered(endpoint: string): void;
	hasAnswered(endpoint: string): boolean;
	/** Records a persistent failure of a target. */
	markFailed(target: ModelTarget, failure: Failure): void;
	/** The persistent failure of a target, if any. */
	failureOf(target: ModelTarget): Failure | undefined;
	/** What failed calls have taught about a model at an endpoint. */
	lessonsOf(endpoint: string, model: string): ModelLessons;
	learn(endpoint: string, model: string, lesson: FailureLesson): void;
	/** Sets the context size of an agent's model; `null` if unknown. */
	setContextTokens(agent: string, tokens: number | null): void;
	contextTokensOf(agent: string): number | undefined;
	/** Estimates the tokens of requests to a model. */
	estimateFor(model: string): TokenEstimator;
};

/** Token counts; absent: nothing is known beyond the connection. */
export type ModelLessons = {
	readonly contextTokens?: number | undefined;
	readonly maxOutputTokens?: number | undefined;
	/** Whether tools have to be described as text. */
	readonly describesTools: boolean;
};

export function createModelMemory(): ModelMemory {
	const reached = new Set<string>();
	const failures = new Map<string, Failure>();
	const lessons = new Map<string, ModelLessons>();
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
		lessonsOf: (endpoint, model) => lessons.get(JSON.stringify([endpoint, model])) ?? noLessons,
		learn(endpoint, model, {limits, refusesTools = false}) {
			const key = JSON.stringify([endpoint, model]);
			const before = lessons.get(key) ?? noLessons;
			lessons.set(key, {
				contextTokens: smaller(before.contextTokens, limits?.contextTokens),
				maxOutputTokens: smaller(before.maxOutputTokens, limits?.maxOutputTokens),
				describesTools: before.describesTools || refusesTools,
			});
		},
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

const noLessons: ModelLessons = {describesTools: false};

function smaller(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** A key for a target; different headers mean a different target. */
function targetKey({provider, model, baseUrl, headers}: ModelTarget): string {
	return JSON.stringify([provider, model, baseUrl, headers]);
}
