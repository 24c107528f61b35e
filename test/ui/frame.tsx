import {stripVTControlCharacters} from 'node:util';
import {renderToString} from 'ink';
import type {ReactNode} from 'react';
import type {App} from '../../source/ui/app-store.ts';
import {HelpScreen} from '../../source/ui/help/help-screen.tsx';
import {HomeScreen} from '../../source/ui/home/home-screen.tsx';
import {RunScreen} from '../../source/ui/run/run-screen.tsx';
import {unprintable} from '../core/hostile.ts';

/** What is on the screen of an app, at its size, without colors. */
export function screenOf(app: App): readonly string[] {
	return linesOf(rawScreenOf(app));
}

/** The same in one text, with everything that would go to the terminal. */
export function rawScreenOf(app: App): string {
	const state = app.store.getState();
	const {columns, run, home, dialog} = state;
	if (dialog?.kind === 'help') {
		return drawn(<HelpScreen state={state} top={dialog.top} theme={app.theme} />, columns);
	}

	if (run) {
		return drawn(<RunScreen view={run} state={state} app={app} />, columns);
	}

	return home ? drawn(<HomeScreen view={home} state={state} app={app} />, columns) : '';
}

export function drawn(node: ReactNode, columns = 100): string {
	return renderToString(node, {columns});
}

/** What a drawing would make a terminal do, beside our own colors. */
export function foreignIn(drawing: string): readonly string[] {
	const own = /\u001B\[(?:[0127]|22|27|3[1-6]|39)(?:;(?:[127]|3[1-6]))*m/g;
	return drawing.replaceAll(own, '').match(new RegExp(unprintable, 'gu')) ?? [];
}

export function linesOf(drawing: string): readonly string[] {
	return stripVTControlCharacters(drawing).split('\n');
}
