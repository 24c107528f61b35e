import type {ProviderSummary, TeamSummary} from '../../core/actions.ts';
import {sanitizeLine} from '../../core/text.ts';
import {notify, errorText, type App} from '../app-store.ts';
import {textBoxOf} from '../widgets/text-box/text-box-state.ts';
import {changeHome} from './change-home.ts';
import {loadHome} from './load-home.ts';

/** The example when no provider was found. */
const exampleLine = 'my-team ollama llama3.2';

/** Asks for a new team in one line, prefilled with `provider` or else the best one found. */
export function askForTeam(app: App, provider?: ProviderSummary): void {
	const best = provider ?? bestOf(app.store.getState().home?.providers);
	promptTeam(app, {text: best ? teamLine(freeName(app), best) : ''});
}

/** `my-team ollama qwen3`, or without a model if the provider has a default. */
function teamLine(name: string, {type, models, needsModel}: ProviderSummary): string {
	return needsModel ? `${name} ${type} ` : [name, type, ...models.slice(0, 1)].join(' ');
}

function exampleOf(name: string, best: ProviderSummary): string {
	return best.needsModel ? `${name} ${best.type} MODEL` : teamLine(name, best);
}

/** Usable ones come first. */
function bestOf(providers: readonly ProviderSummary[] | undefined): ProviderSummary | undefined {
	return providers?.find(({usable}) => usable);
}

function freeName(app: App): string {
	const taken = new Set(app.store.getState().home?.teams?.map(({name}) => name));
	let name = 'my-team';
	for (let number = 2; taken.has(name); number++) {
		name = `team-${number}`;
	}

	return name;
}

type TeamPrompt = {
	readonly text: string;
	readonly title?: string;
	readonly problem?: string | undefined;
};

/** Shows the prompt, with the problem of the last line. */
function promptTeam(app: App, {text, title = 'New team', problem}: TeamPrompt): void {
	const best = bestOf(app.store.getState().home?.providers);
	const example = best ? exampleOf(freeName(app), best) : exampleLine;
	app.store.setState({
		dialog: {
			kind: 'text',
			title,
			state: textBoxOf(text),
			placeholder: `name provider [model], like: ${sanitizeLine(example)}`,
			history: [],
			at: 0,
			problem,
			submit(written) {
				submitTeam(app, written);
			},
		},
	});
}

function submitTeam(app: App, written: string): void {
	const {name, provider, model} = readTeamLine(written);
	if (name === '') {
		return;
	}

	if (provider === undefined) {
		propose(app, name);
		return;
	}

	const problem = model === '' ? missingModel(app, provider) : undefined;
	if (problem === undefined) {
		create(app, written, {name, provider, model});
	} else {
		promptTeam(app, {text: `${written.trim()} `, problem});
	}
}

/** `NAME [PROVIDER [MODEL]]`, or `NAME PROVIDER:MODEL` as on the command line. */
function readTeamLine(written: string): {
	readonly name: string;
	readonly provider: string | undefined;
	readonly model: string;
} {
	const [name = '', choice, ...words] = written.trim().split(/\s+/);
	const [provider, ...inChoice] = choice?.split(':') ?? [];
	return {name, provider, model: [inChoice.join(':'), ...words].join(' ').trim()};
}

/** What to do if the provider has no default model. */
function missingModel(app: App, type: string): string | undefined {
	const found = app.store.getState().home?.providers?.find(provider => provider.type === type);
	const names = found?.models.slice(0, 5).map(sanitizeLine).join(', ') ?? '';
	const what = `${type} has no default model; add its name`;
	return found?.needsModel ? `${what}${names === '' ? '' : `, like ${names}`}` : undefined;
}

/** Completes a line without a provider with the best one; Enter again creates the team. */
function propose(app: App, name: string): void {
	const known = bestOf(app.store.getState().home?.providers);
	if (known) {
		proposeTeam(app, name, known);
		return;
	}

	notify(app, 'Looking for providers …', 'quiet');
	app
		.services()
		.then(async ({actions}) => actions.findProviders())
		.then(
			providers => {
				app.store.setState({notice: undefined});
				changeHome(app, {providers});
				proposeTeam(app, name, bestOf(providers));
			},
			(error: unknown) => {
				promptTeam(app, {text: name, problem: errorText(error)});
			},
		);
}

function proposeTeam(app: App, name: string, best: ProviderSummary | undefined): void {
	if (!best) {
		const problem = 'no provider found; enter one, or press Esc to see how to set one up';
		promptTeam(app, {text: name, problem});
		return;
	}

	const [model] = best.needsModel ? [] : best.models;
	const what = model === undefined ? best.type : `${best.type}, ${model}`;
	promptTeam(app, {
		text: teamLine(name, best),
		title: `New team with the best provider found (${what})? Enter creates it`,
	});
}

function create(
	app: App,
	written: string,
	{
		name,
		provider,
		model,
	}: {readonly name: string; readonly provider: string; readonly model: string},
): void {
	app
		.services()
		.then(async ({actions}) =>
			actions.createTeam({name, provider, ...(model === '' ? {} : {model})}),
		)
		.then(
			team => {
				notify(
					app,
					`Created team ${team.name}: Enter to write a task for it, t to test it.`,
					'good',
				);
				showNew(app, team);
				loadHome(app);
			},
			(error: unknown) => {
				promptTeam(app, {text: written, problem: errorText(error)});
			},
		);
}

/** Shows and selects the new team before the lists are reloaded. */
function showNew(app: App, team: TeamSummary): void {
	const {home} = app.store.getState();
	const teams = [...(home?.teams ?? []), team].sort((a, b) => (a.name < b.name ? -1 : 1));
	changeHome(app, {teams, part: 'teams', team: {selected: teams.indexOf(team), top: 0}});
}
