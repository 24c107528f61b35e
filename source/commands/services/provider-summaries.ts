import type {ProviderSummary} from '../../core/actions.ts';
import {bestProvider} from '../../providers/discovery/discover.ts';
import type {FoundProvider} from '../../providers/discovery/found-provider.ts';

/**
 * Found providers by preference: the best one, then usable ones, then the rest. The best model of
 * each comes first.
 */
export function summariesOf(found: readonly FoundProvider[]): readonly ProviderSummary[] {
	const best = bestProvider(found);
	const rankOf = ({type, usable}: ProviderSummary) => (type === best?.type ? 0 : usable ? 1 : 2);
	return found
		.map(provider => {
			const {type, detail, models} = provider;
			const own = type === best?.type ? best : bestProvider([provider]);
			const first = own?.model === undefined ? [] : [own.model];
			const rest = models.filter(model => model !== own?.model);
			return {type, usable: own !== undefined, detail, models: [...first, ...rest]};
		})
		.toSorted((a, b) => rankOf(a) - rankOf(b));
}
