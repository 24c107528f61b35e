import {execa, ExecaError} from 'execa';
import {locateHome} from '../../config/home.ts';
import type {RunState} from '../../core/run-state.ts';
import type {Run} from '../../core/run.ts';
import {sanitizeLine, shorten} from '../../core/text.ts';
import {UsageError} from '../../core/usage-error.ts';
import {syncTeamPanes} from '../../panes/sync-team-panes.ts';
import {openTeamPanes, type TeamPanes} from '../../panes/team-panes.ts';
import {listPanes, type Tmux} from '../../panes/tmux.ts';
import {activityOf} from '../../present/activity.ts';
import type {Environment} from '../../core/environment.ts';
import type {Io} from '../process/io.ts';
import {ownProgram} from '../process/own-program.ts';

export type OpenedPanes = {readonly panes: TeamPanes; close(): Promise<void>};

/**
 * Opens a pane for each teammate next to the tmux pane of this process. Rejects, with a hint, outside
 * tmux and if this view is already one of the panes of the run.
 */
export async function openPanesHere(run: Run, io: Io): Promise<OpenedPanes> {
	const {TMUX: socket, TMUX_PANE: lead} = io.environment;
	if (!socket || !lead) {
		throw new UsageError(
			'this terminal is not inside tmux',
			`start with --ui tmux, or in another terminal: llm-orchestrator watch ${run.id} --agent teammate-1`,
		);
	}

	await requireTmux(io);
	const tmux = createTmux(io.environment);
	const here = (await listPanes(tmux)).find(({id}) => id === lead);
	if (here?.run === run.id) {
		throw new UsageError('the panes of this run are already open next to this view');
	}

	return openPanesBeside(run, lead, tmux, io);
}

/** Opens panes next to any pane. */
export function openPanesBeside(run: Run, lead: string, tmux: Tmux, io: Io): OpenedPanes {
	const panes = openTeamPanes({
		tmux,
		lead,
		run: run.id,
		viewer: agent => ownProgram('watch', run.id, '--agent', agent),
		directory: io.workingDirectory,
		environment: paneEnvironment(io),
	});
	const stop = syncTeamPanes(run, panes, titleOf);
	return {
		panes,
		async close() {
			stop();
			await panes.close();
		},
	};
}

/** Rejects with a `UsageError` unless a recent tmux is installed. */
export async function requireTmux({environment}: Pick<Io, 'environment'>): Promise<void> {
	const hint = 'install tmux 3.2 or newer, or use --ui tui';
	const version = await createTmux(environment)(['-V']).catch((error: unknown) => {
		throw new UsageError('tmux was not found', hint, error);
	});
	// A version without a number is a source build (`tmux master`) or part of the OS (`openbsd-7.8`).
	const [, major, minor] = /^tmux (?:next-)?(\d+)\.(\d+)/.exec(version) ?? [];
	if (Number(major) < 3 || (Number(major) === 3 && Number(minor) < 2)) {
		throw new UsageError(`${version} is too old for a split view`, hint);
	}
}

/** The environment that views in other panes need to find the run, look right and open an editor. */
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
 * tmux without our secrets: a server that we start passes its environment to every pane. The server
 * is that of `TMUX`, or the user's default one.
 */
export function createTmux(environment: Environment): Tmux {
	const env = tmuxEnvironment(environment);
	return async args => {
		// tmux treats a trailing semicolon of an argument as the end of a command.
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
			throw new Error(`tmux ${args[0] ?? ''}: ${said || 'failed to start'}`, {cause: error});
		}
	};
}

/** The part of an environment that tmux itself may see. */
export function tmuxEnvironment(environment: Environment): Record<string, string> {
	return pick(environment, tmuxVariables);
}

const viewVariables =
	/^(?:NO_COLOR|FORCE_COLOR|COLORFGBG|LANG|LC_\w+|TZ|TMPDIR|EDITOR|VISUAL|PAGER|LLM_ORCHESTRATOR_BACKGROUND|LLM_ORCHESTRATOR_NOTIFY|INK_SCREEN_READER)$/;

const tmuxVariables =
	/^(?:PATH|HOME|USER|LOGNAME|SHELL|TERM|LANG|LC_\w+|TZ|TMPDIR|TMUX|TMUX_PANE|TMUX_TMPDIR|XDG_\w+|DISPLAY|WAYLAND_DISPLAY|SSH_AUTH_SOCK|SSH_CONNECTION|EDITOR|VISUAL|PAGER|COLORTERM|COLORFGBG)$/;

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
