import type {AppEnd, AppOptions} from '../../ui/open-app.tsx';
import type {Io} from '../process/io.ts';
import {loadUi} from './load.ts';

/** Opens the full-screen view with what this process and the person's settings say of the terminal. */
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
		abandon: () => process.exit(130),
	});
}

/** `~/shop` for a directory of the person's home: shorter, and read back as it stands. */
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
