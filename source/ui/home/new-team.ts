import type {ProviderSummary, TeamSummary} from '../../core/actions.ts';
import {sanitizeLine} from '../../core/text.ts';
import {notify, wordsOf, type App} from '../app-store.ts';
import {textBoxOf} from '../widgets/text-box/text-box-state.ts';
import {changeHome} from './change-home.ts';
import {loadHome} from './load-home.ts';

/** The line that is shown for a new team as long as nothing was found to make one with. */
const exampleLine = 'my-team ollama llama3.2';

/**
 * Asks for a new team in one line, which begins as one that would do: with `provider`, else with the best
 * one that was found.
 */
export function askForTeam(app: App, provider?: ProviderSummary): void {
	const best = provider ?? bestOf(app.store.getState().home?.providers);
	askAgain(app, {text: best ? lineOf(freeName(app), best) : ''});
}

/** `my-team ollama qwen3`; without a model where the vendor's default serves. */
function lineOf(name: string, {type, models}: ProviderSummary): string {
	return [name, type, ...models.slice(0, 1)].join(' ');
}

/** They come the best one first. */
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

type Question = {
	readonly text: string;
	readonly title?: string;
	readonly problem?: string | undefined;
};

/** Asks; what is wrong with a line is told where it is written. */
function askAgain(app: App, {text, title = 'New team', problem}: Question): void {
	const best = bestOf(app.store.getState().home?.providers);
	const example = best ? lineOf(freeName(app), best) : exampleLine;
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
				const [name = '', provider, ...model] = written.trim().split(/\s+/);
				if (name !== '' && provider === undefined) {
					propose(app, name);
				} else if (name !== '' && provider !== undefined) {
					create(app, written, {name, provider, model: model.join(' ')});
				}
			},
		},
	});
}

/** Completes a line that names no provider with the best one; another Enter makes the team. */
function propose(app: App, name: string): void {
	const known = bestOf(app.store.getState().home?.providers);
	if (known) {
		offer(app, name, known);
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
				offer(app, name, bestOf(providers));
			},
			(error: unknown) => {
				askAgain(app, {text: name, problem: wordsOf(error)});
			},
		);
}

function offer(app: App, name: string, best: ProviderSummary | undefined): void {
	if (!best) {
		const problem = 'no provider was found; name one, or Esc: the screen says how to get one';
		askAgain(app, {text: name, problem});
		return;
	}

	const [model] = best.models;
	const what = model === undefined ? best.type : `${best.type}, ${model}`;
	askAgain(app, {
		text: lineOf(name, best),
		title: `New team with the best provider found (${what})? Enter makes it`,
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
				notify(app, `Made the team ${team.name}: Enter writes a task for it, t tests it.`, 'good');
				showNew(app, team);
				loadHome(app);
			},
			(error: unknown) => {
				askAgain(app, {text: written, problem: wordsOf(error)});
			},
		);
}

/** The new team is there, and selected, before the lists are read again. */
function showNew(app: App, team: TeamSummary): void {
	const {home} = app.store.getState();
	const teams = [...(home?.teams ?? []), team].sort((a, b) => (a.name < b.name ? -1 : 1));
	changeHome(app, {teams, part: 'teams', team: {selected: teams.indexOf(team), top: 0}});
}
