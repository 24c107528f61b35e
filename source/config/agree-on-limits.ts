import type {AgentProfile, ModelTarget, Team} from '../core/settings.ts';

/**
 * A team whose agents ask a server for the same: of one model at one address for the largest context
 * that one of them names, as a local server loads the model again for another; and at one address for the
 * fewest calls at once, as a limit is meant for the server, whoever calls.
 */
export function agreeOnLimits(team: Team): Team {
	const targets = [team.lead, ...team.teammates].flatMap(({fallbacks = [], ...own}) => [
		own,
		...fallbacks,
	]);
	const contexts = agreed(targets, modelOf, ({contextTokens}) => contextTokens, Math.max);
	const calls = agreed(targets, serverOf, ({parallelCalls}) => parallelCalls, Math.min);
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

/** One number for all targets with the same key, where one of them names any. */
function agreed(
	targets: readonly ModelTarget[],
	keyOf: (target: ModelTarget) => string,
	wishOf: (target: ModelTarget) => number | undefined,
	choose: (one: number, other: number) => number,
): ReadonlyMap<string, number> {
	const numbers = new Map<string, number>();
	for (const target of targets) {
		const wish = wishOf(target);
		if (wish !== undefined) {
			numbers.set(keyOf(target), choose(numbers.get(keyOf(target)) ?? wish, wish));
		}
	}

	return numbers;
}

function modelOf(target: ModelTarget): string {
	return JSON.stringify([serverOf(target), target.model]);
}

/** An address may be written with `/v1`, or a slash, at its end, or without. */
function serverOf({provider, baseUrl}: ModelTarget): string {
	const url = baseUrl === undefined ? undefined : (URL.parse(baseUrl)?.href ?? baseUrl);
	return JSON.stringify([provider, url?.replace(/\/+$/, '').replace(/\/v1$/, '')]);
}
