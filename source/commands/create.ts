import {systemClock} from '../compose/clock.ts';
import type {Home} from '../config/home.ts';
import {parseProviderSpec} from '../config/provider-spec.ts';
import {agentsOf, createTeams, maxTeammates, uiModes} from '../config/team-config.ts';
import {readNamedProviders, readUserConfig} from '../config/user-config.ts';
import type {ProviderAddress, ProviderChoice} from '../core/actions.ts';
import type {NamedProviders} from '../core/provider-presets.ts';
import {isSameServer} from '../core/service-address.ts';
import type {ModelTarget, Team} from '../core/settings.ts';
import {sanitizeLine} from '../core/text.ts';
import {UsageError} from '../core/usage-error.ts';
import {retiredModelHint} from '../providers/defaults.ts';
import {bestProvider, needsModel} from '../providers/discovery/discover.ts';
import {nameOf} from '../providers/discovery/found-provider.ts';
import {findTeamProblems} from '../providers/discovery/team-problems.ts';
import {interruptible, askLine} from './process/ask-line.ts';
import type {Command, FlagValues} from './argv/command.ts';
import {addressFlags, addressOf} from './argv/address-flags.ts';
import {describeTeam} from './services/describe-team.ts';
import {choiceFlag, countFlag, flagName, listFlag, moneyFlag, textFlag} from './argv/flags.ts';
import type {Io} from './process/io.ts';
import {lookForProviders} from './services/look-for-providers.ts';
import {openHome} from './services/open-home.ts';
import {shellWord} from './argv/shell-word.ts';
import {createTeamActions} from './services/team-actions.ts';

export const createCommand: Command = {
	name: 'create',
	flags: {
		provider: {type: 'string', shortFlag: 'p'},
		model: {type: 'string', shortFlag: 'm'},
		baseUrl: {type: 'string', shortFlag: 'u'},
		...addressFlags,
		teammates: {type: 'string', shortFlag: 'n'},
		lead: {type: 'string'},
		teammate: {type: 'string', isMultiple: true},
		fallback: {type: 'string', isMultiple: true},
		budget: {type: 'string'},
		uiMode: {type: 'string'},
	},
	words: {min: 1, max: 1},
	run: interruptible(async ({words, flags}, io) => {
		const [name = ''] = words;
		const home = await openHome(io);
		const named = await readNamedProviders(home);
		const fallbacks = listFlag(flags, 'fallback').map(spec => specOf(spec, '--fallback', named));
		const members = listFlag(flags, 'teammate').map(spec =>
			parseProviderSpec(spec, '--teammate', named),
		);
		const team = await teamOf(flags, members, home, {name, io});
		if (!team) {
			io.print('Nothing created.');
			return 0;
		}

		const {lead, teammates} = team;
		const all = [lead, ...(typeof teammates === 'object' ? teammates : []), ...fallbacks];
		const made = await createTeamActions(home, systemClock).createTeam({
			name,
			provider: lead.type,
			model: lead.model,
			baseUrl: lead.baseUrl,
			address: lead,
			teammates,
			fallbacks,
			budget: moneyFlag(flags, 'budget'),
			uiMode: choiceFlag(flags, 'uiMode', uiModes),
		});
		io.print(`Created ${describeTeam(made)}`);
		const retired = new Set(all.map(({model}) => retiredModelHint(model ?? '')));
		const agents = agentsOf(await createTeams(home).read(name), named);
		const problems = await findTeamProblems(targetsOf(agents), io.environment);
		for (const warning of [...retired, ...problems]) {
			if (warning !== undefined) {
				io.printError(`warning: ${sanitizeLine(warning)}`);
			}
		}

		io.print(`Next: llm-orchestrator run ${made.name} "your task"`);
		return 0;
	}),
};

/** A provider, and what else belongs to its address. */
type Choice = ProviderChoice & ProviderAddress;

type Members = {
	readonly lead: Choice;
	readonly teammates: number | readonly Choice[] | undefined;
};

/**
 * Lead and teammates from the flags. `--lead` and `--teammate` override `--provider`, which overrides
 * the user's default. Without any of them, proposes the best available provider.
 */
async function teamOf(
	flags: FlagValues,
	members: readonly ProviderChoice[],
	home: Home,
	{name, io}: {readonly name: string; readonly io: Io},
): Promise<Members | undefined> {
	const leadSpec = textFlag(flags, 'lead');
	const lead =
		leadSpec === undefined ? undefined : specOf(leadSpec, '--lead', await readNamedProviders(home));
	const shared = await sharedProvider(flags, home, lead === undefined);
	requireOwner(flags, shared);
	const count = countFlag(flags, 'teammates', maxTeammates);
	const first = lead ?? shared ?? members[0] ?? (await propose(name, io));
	return first && {lead: unnamed(first), teammates: teammatesOf(members, count, lead && shared)};
}

function teammatesOf(
	members: readonly Choice[],
	count: number | undefined,
	/** The provider of all teammates, if it differs from the lead's. */
	provider: Choice | undefined,
): Members['teammates'] {
	const [only] = members;
	if (members.length > 1 && count !== undefined) {
		throw new UsageError(
			'--teammates is a count of identical teammates',
			'omit it when each one has its own --teammate',
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
		throw new UsageError(`${count} teammates cannot all be named ${like.name}`);
	}

	return Array.from({length: count ?? (only ? 1 : defaultTeammates)}, () => like);
}

const defaultTeammates = 3;

/**
 * The provider from `--provider`, `--model` and `--base-url`; for the lead, otherwise the user's
 * default.
 */
async function sharedProvider(
	flags: FlagValues,
	home: Home,
	isLead: boolean,
): Promise<Choice | undefined> {
	const byDefault = (await readUserConfig(home)).defaultProvider;
	const given = textFlag(flags, 'provider') ?? (isLead ? byDefault?.type : undefined);
	if (given === undefined) {
		return undefined;
	}

	const {type, ...own} = specOf(given, '--provider', await readNamedProviders(home));
	const byFlags = addressOf(flags, textFlag(flags, 'baseUrl') ?? own.baseUrl);
	const same = byDefault?.type === type ? byDefault : undefined;
	const {baseUrl = same?.baseUrl} = byFlags;
	// What the person set for the address of the default, such as its key, is not for another address.
	const isThere = baseUrl === same?.baseUrl || isSameServer(same?.baseUrl, baseUrl ?? '');
	return {
		...(isThere ? same : {}),
		type,
		model: textFlag(flags, 'model') ?? own.model ?? same?.model,
		baseUrl,
		...byFlags.address,
	};
}

/** Refuses flags about an address that would be ignored. */
function requireOwner(flags: FlagValues, shared: Choice | undefined): void {
	const flag = ['baseUrl', ...Object.keys(addressFlags)].find(name => flags[name] !== undefined);
	if (flag !== undefined && shared === undefined) {
		throw new UsageError(
			`${flagName(flag)} applies to --provider, which is missing`,
			'name one with --provider; for --lead, --teammate and --fallback: TYPE[:MODEL][@URL], or a provider in config.json',
		);
	}
}

/** The best available provider, if the user accepts it; throws when no one can be asked. */
async function propose(name: string, io: Io): Promise<ProviderChoice | undefined> {
	const found = await lookForProviders(io);
	const best = bestProvider(found);
	const choice = best ? undefined : found.find(needsModel);
	if (choice) {
		throw new UsageError(
			`which model of ${nameOf(choice)}? It has no default`,
			`name one: llm-orchestrator create ${shellWord(name)} --provider ${nameOf(choice)}:MODEL`,
		);
	}

	if (!best) {
		throw new UsageError(
			'no provider found',
			'to set one up: llm-orchestrator doctor; to see a run without one: llm-orchestrator demo',
		);
	}

	const model = best.model === undefined ? '' : ` --model ${shellWord(best.model)}`;
	const command = `llm-orchestrator create ${shellWord(name)} --provider ${best.type}${model}`;
	if (!io.interactive) {
		throw new UsageError('which provider?', `the best one available: ${command}`);
	}

	const what = best.model === undefined ? best.type : `${best.type}, ${sanitizeLine(best.model)}`;
	const answer = await askLine(io, `Best provider found: ${what}. Use it? [Y/n] `);
	return answer !== undefined && /^(y(es)?)?$/i.test(answer.trim()) ? best : undefined;
}

function specOf(spec: string, flag: string, named: NamedProviders): ProviderChoice {
	const parsed = parseProviderSpec(spec, flag, named);
	if (parsed.name !== undefined) {
		throw new UsageError(`${flag} ${spec}: only teammates can have names`);
	}

	return parsed;
}

/** In the order of their importance, fallbacks last. */
function targetsOf({lead, teammates}: Team): readonly ModelTarget[] {
	const agents = [lead, ...teammates];
	return [...agents, ...agents.flatMap(({fallbacks = []}) => fallbacks)];
}

function unnamed(choice: Choice): Choice {
	return {...choice, name: undefined};
}
