import {useApp, useInput, usePaste, useWindowSize} from 'ink';
import {useCallback, useEffect} from 'react';
import {useStore} from 'zustand';
import type {App} from './app-store.ts';
import {guarded} from '../session/guarded.ts';
import {pasteInto} from './dialog-keys.ts';
import {HelpScreen} from './help/help-screen.tsx';
import {HomeScreen} from './home/home-screen.tsx';
import {pasteIntoTask} from './home/home-keys.ts';
import {keyPressesOf} from './keys/key-press.ts';
import {press} from './route-key.ts';
import type {Lend} from './terminal-control.ts';

type RootProps = {
	readonly app: App;
	/**
	 * Hands out what only a component knows: how the terminal is given away, and how the view ends broken.
	 * What it returns is called when the view ends, however it does.
	 */
	readonly onReady: (lend: Lend, fail: (error: unknown) => void) => (() => void) | undefined;
	readonly onKey: () => void;
};

/** The screen that is shown, and where keys enter. */
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
				press(app, one);
			}
		});
	});
	usePaste(text => {
		guarded(fail, () => {
			(app.store.getState().dialog ? pasteInto : pasteIntoTask)(app, text);
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
