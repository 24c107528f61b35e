import {estimatedUsage} from '../core/cost.ts';
import {providerTypes, type Team} from '../core/settings.ts';
import type {Environment} from '../core/environment.ts';
import {providerDefaults} from '../providers/defaults.ts';
import {lookUpModelFacts, type CustomPrices} from '../providers/prices.ts';
import {isVendorAddress} from './connect.ts';

/** The share of an agent's tokens that its model writes; the rest it reads. */
const outputShare = 0.1;

/**
 * What tokens cost with the dearest model among lead and teammates, without asking any server: an upper
 * bound, as nothing counts as cached. `undefined` where no price is known of one of them. Fallbacks, which
 * only failures bring in, are left out.
 *
 * @param environment may hold the addresses of vendors (`OPENAI_BASE_URL`)
 */
export async function priceOfTeam(
	team: Team | undefined,
	own: CustomPrices = {},
	environment: Environment = {},
): Promise<(tokens: number) => number | undefined> {
	const agents = team ? [team.lead, ...team.teammates] : [];
	const facts = await Promise.all(
		agents.map(async ({provider, model, baseUrl}) => {
			const type = providerTypes.find(name => name === provider) ?? 'demo';
			const byDefault = type === 'demo' ? undefined : providerDefaults[type].model;
			const asked = model === '' ? (byDefault ?? '') : model;
			const isVendor = isVendorAddress(type, baseUrl, environment);
			return lookUpModelFacts({provider: type, model: asked, isVendor}, own);
		}),
	);
	return tokens => {
		const usage = estimatedUsage(tokens * (1 - outputShare), tokens * outputShare);
		const prices = facts.map(({price}) => price(usage));
		const known = prices.filter(price => price !== undefined);
		return known.length === prices.length && known.length > 0 ? Math.max(...known) : undefined;
	};
}
