import {showInLines} from './show-in-lines.ts';
import {showOnScreen} from './show-on-screen.ts';
import type {ShowOptions, StartRun} from './show-options.ts';
import type {Io} from '../process/io.ts';
import type {OpenedStore} from '../services/open-store.ts';
import {isFullScreen} from '../argv/ui-mode.ts';

/** Shows a run of this process until it ends, in the requested mode. Returns the exit code. */
export async function showRun(
	start: StartRun,
	options: ShowOptions,
	opened: OpenedStore,
	io: Io,
): Promise<number> {
	return isFullScreen(options.mode)
		? showOnScreen(start, options, opened, io)
		: showInLines(start, options, io);
}
