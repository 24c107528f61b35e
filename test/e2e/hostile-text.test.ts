import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {beforeEach, expect, test} from 'vitest';
import {unprintable} from '../core/hostile.ts';
import {
	answerJson,
	call,
	delivered,
	type ModelRequest,
	type Reply,
} from '../helpers/model-server.ts';
import {modelScreen} from '../helpers/model-screen.ts';
import {createScriptedTeam} from '../helpers/scripted-home.ts';
import {subtaskOf, turnOf, wantsPlan} from '../helpers/scripted-team.ts';
import {openTerminal, type Terminal} from '../helpers/terminal.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {patience} from '../helpers/patience.ts';

const size = {columns: 140, rows: 40};

/** What terminals act on, and letters of which they make different widths. */
const hostile = [
	'\x1b]0;title\x07\x1b]52;c;ZXZpbA==\x07\x1b]8;;http://evil.test\x1b\\link\x1b]8;;\x1b\\',
	'\x1b[2J\x1b[9;9H\x1b[31m\x1b[?1049l\x1b[?25h\x1bc\x9b5A\x9d0;c1\x9c\x1bP1$r\x1b\\\x07\b',
	'\u202Eover\u202C\u200Fright\u2066\u2069\u061C\uFEFF\u200B',
	'界漢字한글かな👩‍👩‍👧⚠️❤️1️⃣👍🏽🇫🇷e\u0301',
].join('');
const unended = '\x1b]0;never ended';
/** A megabyte without a line break, which does not repeat itself. */
const longLine = Array.from({length: 170_000}, (_, index) => `${index}x`)
	.join('')
	.slice(0, 1_000_000);

let home: string;
let directory: string;

beforeEach(async () => {
	home = await temporaryDirectory();
	directory = path.join(home, 'project');
	await mkdir(directory);
});

function plan(...ids: readonly string[]) {
	return {
		summary: `summary ${hostile}${unended}`,
		subtasks: ids.map(id => ({
			id,
			title: `title ${hostile}${unended}`,
			instructions: `first ${hostile}\nsecond ${hostile}${unended}`,
			dependsOn: [],
			join: 'all',
			writes: [`${id}.txt`],
			checks: [{name: `check ${hostile}`, command: `true '${hostile}'`}],
			outputs: [],
			estimate: 1,
		})),
		checks: [{name: 'whole', command: `printf '\\033]0;checked\\007\\033[2J'; true`}],
	};
}

/** A team that does its work, and puts what is hostile wherever words can stand. */
function hostileTeam(request: ModelRequest): Reply {
	const id = subtaskOf(request);
	if (wantsPlan(request)) {
		return answerJson(plan('one', 'two'));
	}

	switch (turnOf(request)) {
		case 0: {
			const text = `# ${hostile}\n- ${hostile}\n\`\`\`\n${hostile}\n\`\`\`\n| ${hostile} | b |\n${hostile}${unended}`;
			const calls = [{name: 'write_file', arguments: {path: `${id}.txt`, content: hostile}}];
			return delivered({kind: 'answer', thinking: hostile, text, calls}, {how: 'bytewise'});
		}

		case 1: {
			const command = `printf '\\033]52;c;eA==\\007\\033[3;3H\\342\\200\\256out\\r\\n'; cat ${id}.txt '${hostile}'`;
			return {kind: 'answer', text: longLine, calls: [{name: 'run_command', arguments: {command}}]};
		}

		case 2:
			return call('write_file', {path: `${id}\x1b]0;file\x07\u202Egnp.txt`, content: longLine});
		case 3:
			return call(`tool ${hostile}`, {argument: hostile});
		default:
			return call('finish', {summary: `done ${hostile}${unended}`});
	}
}

function open(...words: readonly string[]): Terminal {
	return openTerminal(['run', 'team', `task ${hostile}`.replaceAll('\0', ''), ...words], {
		home,
		directory,
		...size,
	});
}

/** What reached the terminal beside text and what Ink and our colors write. */
function foreignIn(raw: string): readonly string[] {
	const own =
		/\x1b\[(?:\d+(?:;\d+)*)?m|\x1b\[\?(?:2026|1004|1049|25|2004)[hl]|\x1b\[\d*[A-GK]|\x1b\[(?:[02]?J|\d*(?:;\d+)?H)|\r?\n|\r(?=\x1b\[\?1049h)/g;
	const text = raw.replaceAll(own, '');
	return [...text.matchAll(new RegExp(`${unprintable.source}.{0,20}`, 'gu'))].map(
		([found]) => found,
	);
}

/** Rows whose right part does not stand under its title, as a terminal shows them that joins no emoji. */
async function shiftedRows(raw: string): Promise<readonly string[]> {
	const model = modelScreen(size);
	await model.write(raw);
	const shifted: string[] = [];
	let right = 0;
	for (const [row, line] of model.screen().slice(0, -2).entries()) {
		const cells = model.cells(row);
		right = /^[─━] \d .* {2}[─━] \d /.test(line) ? titleAt(cells) : right;
		if (right > 0 && cells.slice(right - 2, right).join('') !== '  ') {
			shifted.push(line);
		}
	}

	await expect.poll(() => model.screen()[1], patience).toMatch(/^─ 1 Team/);
	expect(right, 'there are two parts').toBeGreaterThan(0);
	return shifted;
}

function titleAt(cells: readonly string[]): number {
	return cells.findIndex(
		(cell, at) => /[─━]/.test(cell) && cells.slice(at - 2, at).join('') === '  ',
	);
}

test('what models, tools and files say makes the terminal do nothing and shifts nothing', async () => {
	await createScriptedTeam(home, hostileTeam);
	const terminal = open('--approve', 'all', '--permission', 'all');
	await terminal.waitFor(/completed: 2 of 2 subtasks are done/);
	expect(await shiftedRows(terminal.raw())).toEqual([]);
	for (const [pane, shown] of [
		['2', 'Subtask one'],
		['3', /━ teammate-\d/],
		['1', '━ lead'],
	] as const) {
		terminal.type(pane);
		terminal.type('\r');
		await terminal.waitFor(shown);
		expect(terminal.screen()).toHaveLength(size.rows);
		terminal.type('\x1b');
		await terminal.waitFor('1 Team');
	}

	expect(foreignIn(terminal.raw())).toEqual([]);
	terminal.type('q');
	expect(await terminal.ended).toBe(0);
	// Lines of the normal screen may be of any width: there emoji may join.
	expect(foreignIn(terminal.raw().replaceAll('\u200D', ''))).toEqual([]);
});

test('what is to be approved shows what hides in it', async () => {
	const command = 'echo harmless\r\x1b[8m; rm -rf \u202Etxt.x\x1b[0m';
	await createScriptedTeam(home, request =>
		request.schema ? answerJson(plan('one')) : call('run_command', {command}),
	);
	const terminal = open('--approve', 'ask', '--permission', 'ask');
	await terminal.waitFor('Request 1 of 1 · revision 1 of the plan');
	terminal.type('\r');
	await terminal.waitFor(/runs true '.*\\x1b\]0;title\\x07/);
	terminal.type('\x1b');
	await terminal.waitFor('a approve');
	await terminal.typeUntil('a', /Approved/);
	// A key too many may have approved the first ones.
	await terminal.waitFor(/teammate-\d wants to use run_command/);
	await terminal.waitFor(String.raw`$ echo harmless\x0d\x1b[8m; rm -rf \u{202e}txt.x\x1b[0m`);
	terminal.type('\x03\x03');
	expect(await terminal.ended).toBe(130);
	expect(foreignIn(terminal.raw())).toEqual([]);
});
