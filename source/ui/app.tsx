import {useApp, useInput, usePaste, useWindowSize} from 'ink';
import {useCallback, useEffect} from 'react';
import {useStore} from 'zustand';
import type {App} from './app-store.ts';
import {guarded} from '../session/guarded.ts';
import {pasteIntoDialog} from './dialog-keys.ts';
import {HelpScreen} from './help/help-screen.tsx';
import {HomeScreen} from './home/home-screen.tsx';
import {pasteIntoTask} from './home/home-keys.ts';
import {keyPressesOf} from './keys/key-press.ts';
import {routeKey} from './route-key.ts';
import type {SuspendTerminal} from './terminal-control.ts';

type RootProps = {
	readonly app: App;
	/**
	 * Passes on what only a component knows: how to release the terminal and how to end the view with
	 * an error. The returned function is called when the view ends.
	 */
	readonly onReady: (
		suspendTerminal: SuspendTerminal,
		fail: (error: unknown) => void,
	) => (() => void) | undefined;
	readonly onKey: () => void;
};

/** The current screen, and the entry point for keys. */
export function Root({app, onReady, onKey}: RootProps) {
	const state = useStore(app.store);
	const {exit, suspendTerminal} = useApp();
	const {columns, rows} = useWindowSize();
	const fail = useCallback(
		(error: unknown) => {
			exit(error instanceof Error ? error : new Error(String(error)));
		},
		[exit],
	);
	useEffect(() => onReady(suspendTerminal, fail), [onReady, suspendTerminal, fail]);
	useEffect(() => {
		app.store.setState({columns, rows});
		app.changed();
	}, [app, columns, rows]);
	useInput((input, key) => {
		onKey();
		guarded(fail, () => {
			for (const one of keyPressesOf(input, key)) {
				routeKey(app, one);
			}
		});
	});
	usePaste(text => {
		guarded(fail, () => {
			(app.store.getState().dialog ? pasteIntoDialog : pasteIntoTask)(app, text);
		});
	});

	const sized = {...state, columns, rows};
	if (state.dialog?.kind === 'help') {
		return <HelpScreen state={sized} top={state.dialog.top} theme={app.theme} />;
	}

	const part = app.runPart();
	if (state.run && part) {
		return <part.RunScreen view={state.run} state={sized} app={app} />;
	}

	return state.home ? <HomeScreen view={state.home} state={sized} app={app} /> : null;
}
