import type {AppEnd, AppOptions} from '../../ui/open-app.tsx';
import type {Io} from '../process/io.ts';
import {loadUi} from './load.ts';

/** Opens the full-screen view with the settings of this terminal and user. */
export async function showScreen(
	start: AppOptions['start'],
	options: Pick<AppOptions, 'services' | 'signal'>,
	io: Io,
): Promise<AppEnd> {
	const {openApp, themeOf} = await loadUi();
	return openApp({
		...options,
		start,
		directory: withTilde(io.workingDirectory, io.userHome),
		theme: themeOf(io.environment),
		notification: notificationOf(io),
		screenReader: io.environment['INK_SCREEN_READER'] === 'true',
		now: Date.now,
		terminal: io.terminal(),
		exitNow: io.exitNow,
	});
}

/** Abbreviates the user's home as `~`; `findDirectory` reads it back. */
function withTilde(directory: string, home: string): string {
	return directory === home || directory.startsWith(`${home}/`)
		? `~${directory.slice(home.length)}`
		: directory;
}

/** `LLM_ORCHESTRATOR_NOTIFY`: `bell` (the default), `osc9` or `off`. */
function notificationOf({environment}: Io): AppOptions['notification'] {
	const wanted = environment['LLM_ORCHESTRATOR_NOTIFY'];
	return wanted === 'off' || wanted === 'osc9' ? wanted : 'bell';
}
