import {expect, test} from 'vitest';
import {literalRun, planning} from '../helpers/ui-run.ts';
import {openRunApp, openTestApp} from './open-test-app.ts';

test('keys go to the run that is shown, else to the home screen', async () => {
	const shown = await openRunApp({kind: 'own', run: literalRun({past: planning()})}, {home: {}});
	shown.keys('n');
	expect(shown.app.store.getState().dialog).toBeUndefined();
	shown.app.store.setState({run: undefined});
	shown.keys('n');
	expect(shown.dialog()).toMatchObject({kind: 'text'});
});

test('what lies over the screen takes them first, but not Ctrl+C', () => {
	const shown = openTestApp({home: {}});
	shown.keys('n', 'q', 'ctrl+c');
	expect(shown.dialog()).toMatchObject({state: {text: 'q'}});
	expect(shown.notice()).toBe('Press Ctrl+C again to quit.');
	shown.keys('ctrl+c');
	expect(shown.told.done).toEqual(['exit']);
});

test('everywhere there are the help, a new drawing and the way to the shell', async () => {
	for (const shown of [
		openTestApp({home: {}}),
		await openRunApp({kind: 'own', run: literalRun({past: planning()})}),
	]) {
		shown.keys('ctrl+l', 'ctrl+z', '?');
		expect(shown.told.done).toEqual(['redraw', 'suspend']);
		expect(shown.dialog()).toEqual({kind: 'help', top: 0});
	}
});

test('a key that does nothing says so, and what would only move does not', () => {
	const shown = openTestApp({home: {}});
	shown.keys('Z');
	expect(shown.notice()).toBe('Z does nothing here; ? shows the keys.');
	shown.keys('ctrl+y');
	expect(shown.notice()).toBe('ctrl+y does nothing here; ? shows the keys.');
	shown.app.store.setState({notice: undefined});
	shown.keys('left', 'alt+b');
	expect(shown.notice()).toBeUndefined();
});

test('the next key ends a notice', () => {
	const shown = openTestApp({home: {}});
	shown.keys('Z', 'tab');
	expect(shown.notice()).toBeUndefined();
});

test('a shell that cannot be reached is told', async () => {
	const shown = openTestApp({home: {}});
	shown.app.terminal.suspend = async () => {
		throw new Error('there is no shell');
	};
	shown.keys('ctrl+z');
	await shown.settle();
	expect(shown.notice()).toBe('there is no shell');
});
