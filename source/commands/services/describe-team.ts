import type {ProviderChoice, TeamSummary} from '../../core/actions.ts';
import {counted, sanitizeLine} from '../../core/text.ts';
import {money} from '../../present/words.ts';
import {providerDefaults} from '../../providers/defaults.ts';

/** A team in one line: name, lead, teammates, fallbacks, budget. */
export function describeTeam(team: TeamSummary): string {
	const {name, provider, model, teammates, mixed = [], fallbacks = [], budget} = team;
	const lead = choice({type: provider, model});
	const who =
		mixed.length === 0
			? `lead and ${counted(teammates, 'teammate')}, ${lead}`
			: `lead ${lead}; ${grouped(mixed)}`;
	const next =
		fallbacks.length === 0 ? '' : `; falls back to ${fallbacks.map(choice).join(', then ')}`;
	const limit = budget === undefined ? '' : `; at most ${money(budget)} per run`;
	// The file may come from someone else.
	return sanitizeLine(`${name}: ${who}${next}${limit}`);
}

/** Groups identical teammates by count; named ones are listed. */
function grouped(teammates: readonly ProviderChoice[]): string {
	const counts = new Map<string, number>();
	for (const {name, ...rest} of teammates) {
		const what = name === undefined ? choice(rest) : `${name} (${choice(rest)})`;
		counts.set(what, (counts.get(what) ?? 0) + 1);
	}

	return [...counts].map(([what, count]) => (count === 1 ? what : `${count} × ${what}`)).join(', ');
}

function choice({type, model}: ProviderChoice): string {
	const known = Object.keys(providerDefaults).find(name => name === type);
	const byDefault =
		known === undefined
			? undefined
			: providerDefaults[known as keyof typeof providerDefaults].model;
	const fallback = type === 'demo' ? 'scripted' : 'with a model of the server';
	return `${type} ${model ?? byDefault ?? fallback}`;
}
