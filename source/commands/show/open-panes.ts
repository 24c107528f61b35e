import {fileURLToPath} from 'node:url';
import {execa, ExecaError} from 'execa';
import {locateHome} from '../../config/home.ts';
import type {RunState} from '../../core/run-state.ts';
import type {Run} from '../../core/run.ts';
import {sanitizeLine, shorten} from '../../core/text.ts';
import {UsageError} from '../../core/usage-error.ts';
import {keepTeam} from '../../panes/keep-team.ts';
import {openTeamPanes, type TeamPanes} from '../../panes/team-panes.ts';
import {listPanes, type Tmux} from '../../panes/tmux.ts';
import {activityOf} from '../../present/activity.ts';
import {providerDefaults, type Environment} from '../../providers/defaults.ts';
import type {Io} from '../process/io.ts';

/** Viewers beside a view, until they are closed. */
export type OpenedPanes = {readonly panes: TeamPanes; close(): Promise<void>};

/**
 * Opens a viewer for each teammate beside the pane of tmux that this process runs in. Rejects outside
 * of tmux, and where this view is one of the panes of the run itself, with what to do instead.
 */
export async function openPanesHere(run: Run, io: Io): Promise<OpenedPanes> {
	const {TMUX: socket, TMUX_PANE: lead} = io.environment;
	if (!socket || !lead) {
		throw new UsageError(
			'this terminal is not inside tmux',
			`start with --ui tmux, or look from another terminal: llm-orchestrator watch ${run.id} --agent teammate-1`,
		);
	}

	await requireTmux(io);
	const tmux = createTmux(io.environment);
	const here = (await listPanes(tmux)).find(({id}) => id === lead);
	if (here?.run === run.id) {
		throw new UsageError('the panes of this run are beside this view already');
	}

	return openPanesBeside(run, lead, tmux, io);
}

/** The same beside any pane. */
export function openPanesBeside(run: Run, lead: string, tmux: Tmux, io: Io): OpenedPanes {
	const panes = openTeamPanes({
		tmux,
		lead,
		run: run.id,
		viewer: agent => ownProgram('watch', run.id, '--agent', agent),
		directory: io.workingDirectory,
		environment: paneEnvironment(io),
	});
	const stop = keepTeam(run, panes, titleOf);
	return {
		panes,
		async close() {
			stop();
			await panes.close();
		},
	};
}

/** Rejects with a `UsageError` unless there is a tmux that can do what is asked of it. */
export async function requireTmux({environment}: Pick<Io, 'environment'>): Promise<void> {
	const hint = 'install tmux 3.2 or newer, or use --ui tui';
	const version = await createTmux(environment)(['-V']).catch((error: unknown) => {
		throw new UsageError('there is no tmux here', hint, error);
	});
	// What has no number is built from the sources (`tmux master`) or part of its system (`openbsd-7.8`).
	const [, major, minor] = /^tmux (?:next-)?(\d+)\.(\d+)/.exec(version) ?? [];
	if (Number(major) < 3 || (Number(major) === 3 && Number(minor) < 2)) {
		throw new UsageError(`${version} is too old for a split view`, hint);
	}
}

/**
 * This program with arguments, as a program and its arguments. A server of tmux that was there before
 * may hold settings of providers, which views have no use for.
 */
export function ownProgram(...args: readonly string[]): readonly string[] {
	const cli = fileURLToPath(new URL('../cli.js', import.meta.url));
	const unset = providerVariables.flatMap(name => ['-u', name]);
	return ['env', ...unset, process.execPath, cli, ...args];
}

/** What views in other panes need to find the run, to look right, and to open an editor. */
export function paneEnvironment({
	environment,
	userHome,
}: Pick<Io, 'environment' | 'userHome'>): Readonly<Record<string, string>> {
	return {
		...pick(environment, viewVariables),
		LLM_ORCHESTRATOR_HOME: locateHome(environment, userHome).directory,
	};
}

/**
 * tmux, without our secrets: a server that we start gives its environment to every pane. The server is
 * that of `TMUX`, else the person's usual one.
 */
export function createTmux(environment: Environment): Tmux {
	const env = tmuxEnvironment(environment);
	return async args => {
		// tmux takes a semicolon at the end of an argument for the end of a command.
		const words = args.map(word => word.replace(/;$/, '\\;'));
		try {
			const {stdout} = await execa('tmux', ['-u', ...words], {
				env,
				extendEnv: false,
				stdin: 'ignore',
			});
			return stdout;
		} catch (error) {
			const said = error instanceof ExecaError ? sanitizeLine(String(error.stderr)) : '';
			throw new Error(`tmux ${args[0] ?? ''}: ${said || 'cannot be run'}`, {cause: error});
		}
	};
}

/** What tmux itself may see of an environment. */
export function tmuxEnvironment(environment: Environment): Record<string, string> {
	return pick(environment, tmuxVariables);
}

const viewVariables =
	/^(?:NO_COLOR|FORCE_COLOR|COLORFGBG|LANG|LC_\w+|TZ|TMPDIR|EDITOR|VISUAL|PAGER|LLM_ORCHESTRATOR_BACKGROUND|LLM_ORCHESTRATOR_NOTIFY|INK_SCREEN_READER)$/;

const tmuxVariables =
	/^(?:PATH|HOME|USER|LOGNAME|SHELL|TERM|LANG|LC_\w+|TZ|TMPDIR|TMUX|TMUX_PANE|TMUX_TMPDIR|XDG_\w+|DISPLAY|WAYLAND_DISPLAY|SSH_AUTH_SOCK|SSH_CONNECTION|EDITOR|VISUAL|PAGER|COLORTERM|COLORFGBG)$/;

const providerVariables: readonly string[] = Object.values(providerDefaults).flatMap(
	({keyVariable, baseUrlVariable}) => [keyVariable, baseUrlVariable ?? []].flat(),
);

function pick(environment: Environment, names: RegExp): Record<string, string> {
	return Object.fromEntries(
		Object.entries(environment).flatMap(([name, value]) =>
			value !== undefined && names.test(name) ? [[name, value]] : [],
		),
	);
}

function titleOf(name: string, state: RunState): string {
	const agent = state.agents.get(name);
	const parts = state.report
		? [`run ${state.report.outcome}`]
		: agent
			? [agent.subtask ?? [], activityOf(agent, state).text].flat()
			: [];
	return shorten(sanitizeLine([name, ...parts].join(' · ')), 80);
}
