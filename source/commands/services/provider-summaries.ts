import type {ProviderSummary} from '../../core/actions.ts';
import {bestProvider, needsModel} from '../../providers/discovery/discover.ts';
import {nameOf, type FoundProvider} from '../../providers/discovery/found-provider.ts';

/**
 * Found providers by preference: the best one, then usable ones, then those whose model must be named,
 * then the rest. The best model of each comes first.
 */
export function summariesOf(found: readonly FoundProvider[]): readonly ProviderSummary[] {
	const best = bestProvider(found);
	const rankOf = ({type, usable, needsModel: unnamed}: ProviderSummary) =>
		type === best?.type ? 0 : !usable ? 3 : unnamed ? 2 : 1;
	return found
		.map((provider): ProviderSummary => {
			const {detail, models} = provider;
			const type = nameOf(provider);
			if (needsModel(provider)) {
				return {type, usable: true, needsModel: true, detail, models};
			}

			const own = type === best?.type ? best : bestProvider([provider]);
			const first = own?.model === undefined ? [] : [own.model];
			const rest = models.filter(model => model !== own?.model);
			return {type, usable: own !== undefined, detail, models: [...first, ...rest]};
		})
		.toSorted((a, b) => rankOf(a) - rankOf(b));
}
