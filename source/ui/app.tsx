import {useApp, useInput, usePaste, useWindowSize} from 'ink';
import {useEffect} from 'react';
import {useStore} from 'zustand';
import type {App} from './app-store.ts';
import {pasteInto} from './dialog-keys.ts';
import {HelpScreen} from './help/help-screen.tsx';
import {HomeScreen} from './home/home-screen.tsx';
import {pasteIntoTask} from './home/home-keys.ts';
import {keyPressesOf} from './keys/key-press.ts';
import {press} from './press.ts';
import type {Lend} from './terminal-control.ts';

type RootProps = {
	readonly app: App;
	/** Hands out how the terminal is given away; only a component knows. */
	readonly onReady: (lend: Lend) => void;
	readonly onKey: () => void;
};

/** The screen that is shown, and where keys enter. */
export function Root({app, onReady, onKey}: RootProps) {
	const state = useStore(app.store);
	const {suspendTerminal} = useApp();
	const {columns, rows} = useWindowSize();
	useEffect(() => {
		onReady(suspendTerminal);
	}, [onReady, suspendTerminal]);
	useEffect(() => {
		app.store.setState({columns, rows});
		app.changed();
	}, [app, columns, rows]);
	useInput((input, key) => {
		onKey();
		for (const one of keyPressesOf(input, key)) {
			press(app, one);
		}
	});
	usePaste(text => {
		if (app.store.getState().dialog) {
			pasteInto(app, text);
		} else {
			pasteIntoTask(app, text);
		}
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
