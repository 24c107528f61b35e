import type {Actions, TerminalActions} from '../../core/actions.ts';
import type {RunCatalog} from '../../core/run.ts';
import type {Io} from '../process/io.ts';
import {createActions} from './actions.ts';
import type {OpenedStore} from './open-store.ts';
import {createRunCatalog} from '../../compose/run-catalog.ts';
import {createTerminalActions} from './terminal-actions.ts';

/** The services of a full-screen view. */
export type ViewServices = {
	readonly actions: Actions;
	readonly terminal: TerminalActions;
	readonly catalog: RunCatalog;
	/** Closes the panes. */
	close(): Promise<void>;
};

export function createViewServices(opened: OpenedStore, io: Io): ViewServices {
	const terminal = createTerminalActions(opened.home, io);
	return {
		actions: createActions(opened, io),
		terminal,
		catalog: createRunCatalog(opened.store),
		close: terminal.close,
	};
}
