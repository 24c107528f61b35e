import {conductInLines} from './show-in-lines.ts';
import {conductOnScreen} from './show-on-screen.ts';
import type {ConductOptions, Start} from './show-options.ts';
import type {Io} from '../process/io.ts';
import type {OpenedStore} from '../services/open-store.ts';
import {isFullScreen} from '../argv/ui-mode.ts';

/**
 * Shows a run that this process owns until it ends, in the way that was asked for. Returns the exit
 * code.
 */
export async function conductRun(
	start: Start,
	options: ConductOptions,
	opened: OpenedStore,
	io: Io,
): Promise<number> {
	return isFullScreen(options.mode)
		? conductOnScreen(start, options, opened, io)
		: conductInLines(start, options, io);
}
