import type {AgentProfile, ModelTarget, Team} from '../core/settings.ts';

/**
 * Unifies the limits of a team's agents that share a server: per model and address, the largest
 * context size any of them sets, since a local server would reload the model for each size; and per
 * address, the lowest number of parallel calls, since that limit is meant for the server.
 */
export function unifyLimits(team: Team): Team {
	const targets = [team.lead, ...team.teammates].flatMap(({fallbacks = [], ...own}) => [
		own,
		...fallbacks,
	]);
	const contexts = unify(targets, modelOf, ({contextTokens}) => contextTokens, Math.max);
	const calls = unify(targets, serverOf, ({parallelCalls}) => parallelCalls, Math.min);
	const target = <Target extends ModelTarget>(given: Target): Target => {
		const contextTokens = contexts.get(modelOf(given));
		const parallelCalls = calls.get(serverOf(given));
		return {
			...given,
			...(contextTokens === undefined ? {} : {contextTokens}),
			...(parallelCalls === undefined ? {} : {parallelCalls}),
		};
	};
	const agent = ({fallbacks, ...own}: AgentProfile): AgentProfile => ({
		...target(own),
		...(fallbacks ? {fallbacks: fallbacks.map(target)} : {}),
	});
	return {...team, lead: agent(team.lead), teammates: team.teammates.map(agent)};
}

/** One number for all targets with the same key, if any of them sets it. */
function unify(
	targets: readonly ModelTarget[],
	keyOf: (target: ModelTarget) => string,
	limitOf: (target: ModelTarget) => number | undefined,
	choose: (one: number, other: number) => number,
): ReadonlyMap<string, number> {
	const numbers = new Map<string, number>();
	for (const target of targets) {
		const limit = limitOf(target);
		if (limit !== undefined) {
			numbers.set(keyOf(target), choose(numbers.get(keyOf(target)) ?? limit, limit));
		}
	}

	return numbers;
}

function modelOf(target: ModelTarget): string {
	return JSON.stringify([serverOf(target), target.model]);
}

/** An address may end with `/v1` or a slash. */
function serverOf({provider, baseUrl}: ModelTarget): string {
	const url = baseUrl === undefined ? undefined : (URL.parse(baseUrl)?.href ?? baseUrl);
	return JSON.stringify([provider, url?.replace(/\/+$/, '').replace(/\/v1$/, '')]);
}
