import {estimatedUsage} from '../core/cost.ts';
import type {Team} from '../core/settings.ts';
import type {Environment} from '../core/environment.ts';
import {providerDefaults} from '../providers/defaults.ts';
import {lookUpModelFacts, priceListOf, type CustomPrices} from '../providers/prices.ts';
import {serviceOf, typeOf} from '../providers/target-settings.ts';

/** Share of an agent's tokens that is output. */
const outputShare = 0.1;

/**
 * The price of tokens with the most expensive model among lead and teammates, without querying any
 * server: an upper bound, since nothing counts as cached. `undefined` if the price of any is
 * unknown. Fallbacks, which are only used after failures, are left out.
 *
 * @param environment may contain the addresses of vendors (`OPENAI_BASE_URL`)
 */
export async function estimateTeamPrice(
	team: Team | undefined,
	own: CustomPrices = {},
	environment: Environment = {},
): Promise<(tokens: number) => number | undefined> {
	const agents = team ? [team.lead, ...team.teammates] : [];
	const facts = await Promise.all(
		agents.map(async target => {
			const type = typeOf(target) ?? 'demo';
			const service = serviceOf(target);
			const byDefault = type === 'demo' || service ? undefined : providerDefaults[type].model;
			const model = target.model === '' ? (byDefault ?? '') : target.model;
			const priceList = priceListOf(target, environment);
			return lookUpModelFacts({provider: service ?? type, model, priceList}, own);
		}),
	);
	return tokens => {
		const usage = estimatedUsage(tokens * (1 - outputShare), tokens * outputShare);
		const prices = facts.map(({price}) => price(usage));
		const known = prices.filter(price => price !== undefined);
		return known.length === prices.length && known.length > 0 ? Math.max(...known) : undefined;
	};
}
