import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {expect, onTestFinished} from 'vitest';
import {createTmux} from '../../source/commands/views/open-panes.ts';
import {listPanes, type Pane, type Tmux} from '../../source/panes/tmux.ts';
import {patience, patienceMs} from './patience.ts';
import {temporaryDirectory} from './temporary-directory.ts';

/** Whether tests can use a real tmux; says once what to install where they cannot. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0;
if (!hasTmux) {
	console.warn('tests of the split view are skipped: install tmux 3.2 or newer');
}

/** A tmux of the running test: servers that are started with its environment are killed with it. */
export type TestTmux = {
	readonly tmux: Tmux;
	/** What programs need to reach its server, or to start it. */
	readonly environment: Readonly<Record<string, string>>;
	/** A directory that is gone after the test. */
	readonly directory: string;
	/** Every pane of the server; none when no server runs. */
	panes(): Promise<readonly Pane[]>;
	/** One line a pane, by a format of tmux. */
	list(format: string): Promise<readonly string[]>;
	/** What a pane shows and has scrolled away, without blank lines at its end. */
	textOf(pane: string): Promise<string>;
	/** Resolves with the text of a pane once it holds what is waited for. */
	waitForText(pane: string, what: string | RegExp, deadlineMs?: number): Promise<string>;
};

/** A tmux with a socket of its own and without anybody's configuration. No server runs yet. */
export async function openTestTmux(): Promise<TestTmux> {
	const directory = await temporaryDirectory();
	const environment = {
		PATH: process.env['PATH'] ?? '',
		HOME: directory,
		LANG: 'C.UTF-8',
		TERM: 'xterm-256color',
		SHELL: '/bin/sh',
		TMUX_TMPDIR: directory,
	};
	const tmux = createTmux(environment);
	onTestFinished(async () => {
		await tmux(['kill-server']).catch(() => '');
	});
	const textOf = async (pane: string) =>
		(await tmux(['capture-pane', '-p', '-J', '-S', '-', '-t', pane])).trimEnd();
	return {
		tmux,
		environment,
		directory,
		panes: async () => listPanes(tmux).catch(() => []),
		async list(format) {
			const list = await tmux(['list-panes', '-a', '-F', format]).catch(() => '');
			return list === '' ? [] : list.split('\n');
		},
		textOf,
		async waitForText(pane, what, deadlineMs = patienceMs) {
			const pattern = typeof what === 'string' ? literal(what) : what;
			await expect
				.poll(async () => textOf(pane).catch(String), {...patience, timeout: deadlineMs})
				.toMatch(pattern);
			return textOf(pane);
		},
	};
}

/** A session as a person has it, with a shell-like program in its only pane; gives the pane. */
export async function openAttemptSession(
	{tmux}: TestTmux,
	name: string,
	{columns = 200, rows = 60}: {readonly columns?: number; readonly rows?: number} = {},
): Promise<string> {
	const size = ['-x', String(columns), '-y', String(rows)];
	// A window with a name of its own keeps it, whatever runs in it.
	const where = ['-d', '-s', name, '-n', 'home', ...size, '-P', '-F', '#{pane_id}'];
	return tmux(['new-session', ...where, 'cat']);
}

/** Another pane in the window of a pane, as a person makes it. */
export async function splitByHand({tmux}: TestTmux, pane: string): Promise<string> {
	return tmux(['split-window', '-d', '-h', '-t', pane, '-P', '-F', '#{pane_id}', 'cat']);
}

/** Another window in a session, as a person makes it; gives its pane. */
export async function openWindowByHand({tmux}: TestTmux, session: string): Promise<string> {
	const where = ['-d', '-t', `${session}:`, '-n', 'mine'];
	return tmux(['new-window', ...where, '-P', '-F', '#{pane_id}', 'cat']);
}

/** All of some panes and of their windows that a person would miss if it changed. */
export async function pictureOf(
	{tmux, list}: TestTmux,
	panes: readonly string[],
): Promise<readonly string[]> {
	const format =
		'#{pane_id} #{window_id} #{window_name} #{pane_left},#{pane_top} #{pane_width}x#{pane_height} #{pane_pid} #{pane_dead} #{pane_title} #{window_layout} #{window_active} #{pane_active}';
	const lines = (await list(format)).filter(line => panes.includes(line.split(' ')[0] ?? ''));
	const options = await Promise.all(
		panes.flatMap(pane => [
			tmux(['show-options', '-w', '-t', pane]),
			tmux(['show-options', '-p', '-t', pane]),
		]),
	);
	return [...lines, ...options];
}

/** Whether the system tells the variables of a process. */
export const tellsEnvironments = existsSync('/proc/self/environ');

/** The variables of the server and of the program in each pane, where the system tells them. */
export async function environmentsOf({tmux, list}: TestTmux): Promise<readonly string[]> {
	const server = await tmux(['display-message', '-p', '#{pid}']);
	const programs = await list('#{pane_pid}');
	return Promise.all(
		[server, ...programs].map(async pid =>
			readFile(path.join('/proc', pid, 'environ'), 'utf8').catch(() => ''),
		),
	);
}

function literal(text: string): RegExp {
	return new RegExp(text.replaceAll(/[\^$.*+?()[\]{}|]/g, '\\$&'));
}
