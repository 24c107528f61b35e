import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {beforeEach, describe, expect, test} from 'vitest';
import {createTeams} from '../../../source/config/team-config.ts';
import {locateHome, prepareHome} from '../../../source/config/home.ts';
import {programSource} from '../../helpers/program.ts';
import {openPty} from '../../helpers/pty.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

let home: string;

beforeEach(async () => {
	home = await temporaryDirectory();
	const place = locateHome({}, home);
	await prepareHome(place);
	await createTeams(place).create({
		name: 'old',
		createdAt: 1,
		leadProvider: {type: 'demo'},
		uiMode: 'inline',
		teammates: 1,
	});
});

const teams = async () =>
	(await readdir(path.join(home, '.llm-orchestrator/teams'))).sort().join(', ');

/** A command that asks, up to its question, on a terminal. */
async function ask(words: readonly string[]) {
	const environment = {ANTHROPIC_API_KEY: 'never sent'};
	const pty = openPty([process.execPath, programSource, ...words], {home, environment});
	await pty.waitFor(/\[[yn]\/[yn]\] *$/im);
	return pty;
}

const questions = [
	['create', ['create', 'new'], 'Nothing created.'],
	['delete', ['delete', 'old'], 'Nothing deleted.'],
] as const;

describe.each(questions)('the question of %s', (_, words, nothing) => {
	test('ends with 130 at Ctrl+C, without a word', async () => {
		const pty = await ask(words);
		pty.type('\u0003');
		expect(await pty.ended, pty.text()).toBe(130);
		expect(pty.text().trimEnd()).toMatch(/\[[yn]\/[yn]\]$/i);
		expect(await teams()).toBe('old');
	});

	test('ends with 143 when the program is to end', async () => {
		const pty = await ask(words);
		process.kill(pty.pid, 'SIGTERM');
		expect(await pty.ended, pty.text()).toBe(143);
		expect(await teams()).toBe('old');
	});

	test.each([
		['Ctrl+D', '\u0004'],
		['a no', 'no\r'],
	])('is declined by %s', async (_, keys) => {
		const pty = await ask(words);
		pty.type(keys);
		expect(await pty.ended, pty.text()).toBe(0);
		expect(pty.text()).toMatch(new RegExp(`\\] (no)?\\n${nothing}\\s*$`));
		expect(await teams()).toBe('old');
	});
});

test('an answer at the question is taken', async () => {
	const creating = await ask(['create', 'new']);
	creating.type('\r');
	expect(await creating.ended, creating.text()).toBe(0);
	const deleting = await ask(['delete', 'old']);
	deleting.type('yes\r');
	expect(await deleting.ended, deleting.text()).toBe(0);
	expect(await teams()).toBe('new');
});
