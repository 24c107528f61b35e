import {systemClock} from '../compose/clock.ts';
import type {Home} from '../config/home.ts';
import {parseProviderSpec} from '../config/provider-spec.ts';
import {maxTeammates, uiModes} from '../config/team-config.ts';
import {readUserConfig} from '../config/user-config.ts';
import type {ProviderChoice} from '../core/actions.ts';
import {sanitizeLine} from '../core/text.ts';
import {UsageError} from '../core/usage-error.ts';
import {retiredModelHint} from '../providers/defaults.ts';
import {bestProvider, findProviders} from '../providers/discovery/discover.ts';
import {findLacks} from '../providers/discovery/team-needs.ts';
import {answerable, askLine} from './process/ask-line.ts';
import type {Command, FlagValues} from './argv/command.ts';
import {describeTeam} from './services/describe-team.ts';
import {choiceFlag, countFlag, listFlag, moneyFlag, textFlag} from './argv/flags.ts';
import type {Io} from './process/io.ts';
import {openHome} from './services/open-home.ts';
import {shellWord} from './argv/shell-word.ts';
import {createTeamActions} from './services/team-actions.ts';

export const createCommand: Command = {
	name: 'create',
	flags: {
		provider: {type: 'string', shortFlag: 'p'},
		model: {type: 'string', shortFlag: 'm'},
		baseUrl: {type: 'string', shortFlag: 'u'},
		teammates: {type: 'string', shortFlag: 'n'},
		lead: {type: 'string'},
		teammate: {type: 'string', isMultiple: true},
		fallback: {type: 'string', isMultiple: true},
		budget: {type: 'string'},
		uiMode: {type: 'string'},
	},
	words: {min: 1, max: 1},
	run: answerable(async ({words, flags}, io) => {
		const [name = ''] = words;
		const home = await openHome(io);
		const fallbacks = listFlag(flags, 'fallback').map(spec => specOf(spec, '--fallback'));
		const members = listFlag(flags, 'teammate').map(spec => parseProviderSpec(spec, '--teammate'));
		const team = await teamOf(flags, members, home, {name, io});
		if (!team) {
			io.print('Nothing was made.');
			return 0;
		}

		const {lead, teammates} = team;
		const all = [lead, ...(typeof teammates === 'object' ? teammates : []), ...fallbacks];
		const made = await createTeamActions(home, systemClock).createTeam({
			name,
			provider: lead.type,
			model: lead.model,
			baseUrl: lead.baseUrl,
			teammates,
			fallbacks,
			budget: moneyFlag(flags, 'budget'),
			uiMode: choiceFlag(flags, 'uiMode', uiModes),
		});
		io.print(`Created ${describeTeam(made)}`);
		const retired = new Set(all.map(({model}) => retiredModelHint(model ?? '')));
		for (const warning of [...retired, ...(await findLacks(all, io.environment))]) {
			if (warning !== undefined) {
				io.complain(`warning: ${sanitizeLine(warning)}`);
			}
		}

		io.print(`Next: llm-orchestrator run ${made.name} "what is to be done"`);
		return 0;
	}),
};

type Members = {
	readonly lead: ProviderChoice;
	readonly teammates: number | readonly ProviderChoice[] | undefined;
};

/**
 * Lead and teammates as the flags say: `--lead` and `--teammate` count before `--provider`, which counts
 * before the person's default; without any of them the best provider that is here is proposed.
 */
async function teamOf(
	flags: FlagValues,
	members: readonly ProviderChoice[],
	home: Home,
	{name, io}: {readonly name: string; readonly io: Io},
): Promise<Members | undefined> {
	const leadSpec = textFlag(flags, 'lead');
	const lead = leadSpec === undefined ? undefined : specOf(leadSpec, '--lead');
	const named = await namedProvider(flags, home, lead === undefined);
	const count = countFlag(flags, 'teammates', maxTeammates);
	const first = lead ?? named ?? members[0] ?? (await propose(name, io));
	return first && {lead: withoutName(first), teammates: teammatesOf(members, count, lead && named)};
}

function teammatesOf(
	members: readonly ProviderChoice[],
	count: number | undefined,
	/** Of all teammates, when it is another than the lead's. */
	provider: ProviderChoice | undefined,
): Members['teammates'] {
	const [only] = members;
	if (members.length > 1 && count !== undefined) {
		throw new UsageError(
			'--teammates counts teammates that are all alike',
			'leave it out where --teammate names each of them',
		);
	}

	if (members.length > 1) {
		return members;
	}

	const like = only ?? provider;
	if (!like) {
		return count;
	}

	if (like.name !== undefined && (count ?? 1) > 1) {
		throw new UsageError(`${count} teammates cannot all be called ${like.name}`);
	}

	return Array.from({length: count ?? (only ? 1 : defaultTeammates)}, () => like);
}

const defaultTeammates = 3;

/** What `--provider` and its companions name, else (where it would be the lead's) the person's default. */
async function namedProvider(
	flags: FlagValues,
	home: Home,
	isLead: boolean,
): Promise<ProviderChoice | undefined> {
	const byDefault = (await readUserConfig(home)).defaultProvider;
	const type = textFlag(flags, 'provider') ?? (isLead ? byDefault?.type : undefined);
	if (type === undefined) {
		return undefined;
	}

	const same = byDefault?.type === type ? byDefault : undefined;
	return {
		type,
		model: textFlag(flags, 'model') ?? same?.model,
		baseUrl: textFlag(flags, 'baseUrl') ?? same?.baseUrl,
	};
}

/** The best provider that is here, when the person wants it; throws where nobody can be asked. */
async function propose(name: string, io: Io): Promise<ProviderChoice | undefined> {
	const best = bestProvider(await findProviders(io.environment));
	if (!best) {
		throw new UsageError(
			'which provider? None was found here',
			'see how to get one: llm-orchestrator doctor; or see a run without any: llm-orchestrator demo',
		);
	}

	const model = best.model === undefined ? '' : ` --model ${shellWord(best.model)}`;
	const command = `llm-orchestrator create ${shellWord(name)} --provider ${best.type}${model}`;
	if (!io.interactive) {
		throw new UsageError('which provider?', `the best one here: ${command}`);
	}

	const what = best.model === undefined ? best.type : `${best.type}, ${sanitizeLine(best.model)}`;
	const answer = await askLine(io, `The best provider here: ${what}. Use it? [Y/n] `);
	return answer !== undefined && /^(y(es)?)?$/i.test(answer.trim()) ? best : undefined;
}

function specOf(spec: string, flag: string): ProviderChoice {
	const parsed = parseProviderSpec(spec, flag);
	if (parsed.name !== undefined) {
		throw new UsageError(`${flag} ${spec}: only teammates are given names`);
	}

	return parsed;
}

function withoutName({type, model, baseUrl}: ProviderChoice): ProviderChoice {
	return {type, model, baseUrl};
}
