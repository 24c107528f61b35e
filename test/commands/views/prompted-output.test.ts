import type {Interface} from 'node:readline/promises';
import {expect, test} from 'vitest';
import {createPromptedOutput} from '../../../source/commands/views/prompted-output.ts';

function setUp() {
	const shown: string[] = [];
	const output = createPromptedOutput({
		write: text => shown.push(text),
		flush: async () => undefined,
	});
	const lines = {
		prompt() {
			shown.push('?');
		},
	} as unknown as Interface;
	return {shown, output, lines};
}

test('lines are printed above an open question, which is shown again below them', async () => {
	const {shown, output, lines} = setUp();
	output.setPrompt(lines);
	output.write('news\n');
	await output.flush();
	expect(shown).toEqual(['\r\u001B[Jnews\n', '?']);
});

test('a question that was closed meanwhile is not shown again', async () => {
	const {shown, output, lines} = setUp();
	output.setPrompt(lines);
	output.write('news\n');
	output.setPrompt(undefined);
	await output.flush();
	output.write('more\n');
	expect(shown).toEqual(['\r\u001B[Jnews\n', 'more\n']);
});
