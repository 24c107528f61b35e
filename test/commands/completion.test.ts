import {execFileSync, spawnSync} from 'node:child_process';
import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {programSource} from '../helpers/program.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const scripts = new Map<string, string>();

beforeAll(() => {
	for (const shell of ['bash', 'zsh']) {
		const script = execFileSync(process.execPath, [programSource, 'completion', shell]);
		scripts.set(shell, script.toString());
	}
});

/** What bash would offer after these words; the last one is being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
	const home = await temporaryDirectory();
	await mkdir(path.join(home, 'teams', 'my-team'), {recursive: true});
	await mkdir(path.join(home, 'runs', '20261122-101112-abcd'), {recursive: true});
	const list = ['llm-orchestrator', ...words].map(word => `'${word}'`).join(' ');
	const asked = `${scripts.get('bash') ?? ''}
COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _llm_orchestrator; printf '%s\\n' "\${COMPREPLY[@]}"`;
	const output = execFileSync('bash', ['--norc', '-c', asked], {
		env: {PATH: process.env['PATH'], HOME: home, LLM_ORCHESTRATOR_HOME: home},
	});
	return output
		.toString()
		.split('\n')
		.filter(line => line !== '');
}

describe('completion in bash offers', () => {
	test.each([
		['commands', ['res'], ['resume']],
		['flags of a command', ['run', 'my-team', 'task', '--task'], ['--task-file']],
		['teams', ['run', ''], ['my-team']],
		['runs', ['attach', ''], ['last', '20261122-101112-abcd']],
		['providers', ['create', 'crew', '--provider', 'ol'], ['ollama']],
		['views', ['demo', '--ui', 't'], ['tui', 'tmux']],
		['nothing where nothing is known', ['approve', 'last', ''], []],
	])('%s', async (_, words, expected) => {
		expect(await offered(...words)).toEqual(expected);
	});
});

const hasZsh = spawnSync('zsh', ['--version']).status === 0;

test.skipIf(!hasZsh)('the script for zsh is one that zsh reads (install zsh to try it)', () => {
	const end = spawnSync('zsh', [
		'-f',
		'-c',
		`autoload -Uz compinit && compinit -u -D; ${scripts.get('zsh') ?? ''}`,
	]);
	expect([end.status, end.stderr.toString()]).toEqual([0, '']);
});

test('another shell is refused with those that are there', () => {
	const end = spawnSync(process.execPath, [programSource, 'completion', 'fish']);
	expect(end.status).toBe(2);
	expect(end.stderr.toString()).toContain('completion supports bash and zsh');
});
