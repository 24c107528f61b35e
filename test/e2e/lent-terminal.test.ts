import {chmod, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {beforeEach, describe, expect, test} from 'vitest';
import {programFile} from '../helpers/program.ts';
import {openPty, typeUntil, type Pty} from '../helpers/pty.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {patience} from '../helpers/patience.ts';

let home: string;

beforeEach(async () => {
	home = await temporaryDirectory();
});

/** The demo, and over it an editor that does what the script says. */
async function openEditor(script: string): Promise<Pty> {
	const editor = path.join(home, 'editor.mjs');
	await writeFile(editor, `#!${process.execPath}\n${script}`);
	await chmod(editor, 0o755);
	const demo = [process.execPath, programFile, 'demo', '--fast'];
	const pty = openPty(demo, {home, environment: {EDITOR: editor}});
	await pty.waitFor(/revision 1 of the plan/);
	await typeUntil(pty, 'e', /editor>/);
	return pty;
}

describe('a program that the terminal was given to', () => {
	test('keeps its screen and its Ctrl+C', async () => {
		const pty = await openEditor(`
			process.on('SIGINT', () => setTimeout(() => console.log('heard Ctrl+C'), 300));
			process.stdin.once('data', () => process.exit());
			process.stdout.write('editor> ');`);
		pty.resize(90, 26);
		pty.type('\x03');
		await pty.waitFor(/heard Ctrl\+C/);
		// The key that was typed again is shown too.
		await pty.waitFor(/^e*editor>/m);
		pty.type('\r');
		await pty.waitFor(/The plan is unchanged/);
		await expect.poll(() => pty.screen()[0], patience).toMatch(/^ \[scripted model\] .* tok$/);
		await expect.poll(() => pty.screen()[25], patience).toContain('q quit');
	});

	test('gets every key, the first one too', async () => {
		const heard = path.join(home, 'heard');
		const pty = await openEditor(`
			import {appendFileSync} from 'node:fs';
			process.stdin.setRawMode(true);
			process.stdin.on('data', keys => {
				appendFileSync(${JSON.stringify(heard)}, keys);
				console.log('heard ' + keys + ';');
				if (String(keys).includes('.')) process.exit();
			});
			process.stdout.write('editor> ');`);
		for (const key of ['x', 'a', 'q', '.']) {
			pty.type(key);
			await pty.waitFor(key === '.' ? /The plan is unchanged/ : new RegExp(`heard e*${key};`));
		}

		expect((await readFile(heard, 'utf8')).replaceAll('e', '')).toBe('xaq.');
	});
});
