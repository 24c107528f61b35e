import {spawn} from 'node:child_process';
import {revealHidden} from '../../core/text.ts';
import {UsageError} from '../../core/usage-error.ts';
import type {OwnedRun} from '../../engine/launch.ts';
import {openLeadSession} from '../../panes/lead-session.ts';
import type {Tmux} from '../../panes/tmux.ts';
import type {Io} from '../process/io.ts';
import {
	createTmux,
	openPanesBeside,
	ownProgram,
	paneEnvironment,
	requireTmux,
	tmuxEnvironment,
} from './open-panes.ts';

/** How often the session is looked at, ms: it ends when the lead's view was left. */
const lookMs = 1_000;

/** Rejects with a `UsageError` where a split view cannot be shown: ask before a run is started for it. */
export async function requireSplitView(
	mode: 'tmux' | 'iterm2',
	io: Pick<Io, 'environment'>,
): Promise<void> {
	const {TERM_PROGRAM: program, LC_TERMINAL: terminal} = io.environment;
	if (mode === 'iterm2' && program !== 'iTerm.app' && terminal !== 'iTerm2') {
		throw new UsageError('this terminal is not iTerm2', 'use --ui tmux or --ui tui');
	}

	await requireTmux(io);
}

/**
 * Shows a run of this process in a session of tmux that is made for it: the lead's view left, a viewer
 * for each teammate right. Resolves when the session was left, or could not be shown, which is told;
 * the run may go on.
 *
 * @param control iTerm2 shows the panes as its own (`tmux -CC`)
 */
export async function showInTmux(
	run: OwnedRun,
	{control}: {readonly control: boolean},
	io: Io,
): Promise<void> {
	try {
		await requireSplitView(control ? 'iterm2' : 'tmux', io);
		await showSession(run, control, createTmux(io.environment), io);
	} catch (error) {
		io.complain(revealHidden(error instanceof Error ? error.message : String(error)));
	}

	if (!run.state().report) {
		io.complain('→ the run goes on here, in lines; Ctrl+C stops it');
	}
}

async function showSession(run: OwnedRun, control: boolean, tmux: Tmux, io: Io): Promise<void> {
	const session = await openLeadSession({
		tmux,
		run: run.id,
		program: ownProgram('attach', run.id),
		directory: io.workingDirectory,
		environment: paneEnvironment(io),
		columns: process.stdout.columns || 120,
		rows: process.stdout.rows || 36,
	});
	const opened = openPanesBeside(run, session.lead, tmux, io);
	const close = async () => {
		await opened.close();
		await session.close();
	};
	const timer = setInterval(() => {
		opened.panes.isLeadThere().then(
			async isThere => (isThere ? undefined : close()),
			() => undefined,
		);
	}, lookMs);
	// Who is told to end, ends when the run has stopped, though nobody leaves the view.
	const stopSignals = io.onSignal(() => {
		void run.done.then(close);
	});
	try {
		await attach(session.name, control, io);
	} finally {
		clearInterval(timer);
		stopSignals();
		await close();
	}
}

async function attach(session: string, control: boolean, {environment}: Io): Promise<void> {
	const child = spawn('tmux', ['-u', ...(control ? ['-CC'] : []), 'attach', '-t', `=${session}`], {
		stdio: 'inherit',
		env: tmuxEnvironment(environment),
	});
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	child.on('error', reject);
	child.on('close', () => {
		resolve();
	});
	await promise;
}
