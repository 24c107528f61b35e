import {spawn} from 'node:child_process';
import {revealHidden} from '../../core/text.ts';
import {UsageError} from '../../core/usage-error.ts';
import type {OwnedRun} from '../../core/run.ts';
import {openLeadSession} from '../../panes/lead-session.ts';
import type {Tmux} from '../../panes/tmux.ts';
import type {Io} from '../process/io.ts';
import {ownProgram} from '../process/own-program.ts';
import {
	createTmux,
	openPanesBeside,
	paneEnvironment,
	requireTmux,
	tmuxEnvironment,
} from './open-panes.ts';

/** How often to check whether the lead's view was closed, which ends the session, in ms. */
const pollMs = 1_000;

/** Rejects with a `UsageError` if a split view is not possible: call it before starting a run. */
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
 * Shows a run of this process in a new tmux session: the lead's view on the left, a viewer for each
 * teammate on the right. Resolves when the user leaves the session, or after reporting that it could
 * not be opened; the run may still be going.
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
		io.printError(revealHidden(error instanceof Error ? error.message : String(error)));
	}

	if (!run.state().report) {
		io.printError('→ the run continues here, in lines; Ctrl+C stops it');
	}
}

async function showSession(run: OwnedRun, control: boolean, tmux: Tmux, io: Io): Promise<void> {
	const {columns, rows} = io.terminal().output;
	const session = await openLeadSession({
		tmux,
		run: run.id,
		program: ownProgram('attach', run.id),
		directory: io.workingDirectory,
		environment: paneEnvironment(io),
		columns: columns || 120,
		rows: rows || 36,
	});
	const opened = openPanesBeside(run, session.lead, tmux, io);
	const close = async () => {
		await opened.close();
		await session.close();
	};
	const timer = setInterval(() => {
		opened.panes.isLeadOpen().then(
			async isThere => (isThere ? undefined : close()),
			() => undefined,
		);
	}, pollMs);
	// After a signal the session ends with the run, even if the view stays open.
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
