import path from 'node:path';
import type {Home} from '../../config/home.ts';
import type {TerminalActions} from '../../core/actions.ts';
import {editText, pageText} from '../process/external-programs.ts';
import type {Io} from '../process/io.ts';
import {openPanesHere, type OpenedPanes} from '../views/open-panes.ts';

/** `close` closes the panes. */
export type ClosableTerminalActions = TerminalActions & {close(): Promise<void>};

/** The actions of a view in this terminal. */
export function createTerminalActions(home: Home, io: Io): ClosableTerminalActions {
	const {environment} = io;
	let panes: Promise<OpenedPanes> | undefined;
	return {
		async togglePanes(run) {
			const opened = panes;
			if (opened) {
				panes = undefined;
				await (await opened).close();
				return 'Closed the teammate panes.';
			}

			const opening = openPanesHere(run, io);
			panes = opening;
			await opening.catch((error: unknown) => {
				panes = panes === opening ? undefined : panes;
				throw error;
			});
			return 'Each teammate gets a pane when it starts working; t closes them.';
		},
		async close() {
			await panes?.then(
				async opened => opened.close(),
				() => undefined,
			);
			panes = undefined;
		},
		editText: async (text, extension) =>
			editText(text, extension, {environment, folder: path.join(home.directory, 'drafts')}),
		pageText: async text => pageText(text, environment),
	};
}
