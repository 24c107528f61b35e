import {mkdir, readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {beforeEach, expect, onTestFinished, test} from 'vitest';
import {startModelServer} from '../helpers/model-server.ts';
import {programEnvironment} from '../helpers/program.ts';
import {threeFilesTeam} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

let home: string;

beforeEach(async () => {
	home = await temporaryDirectory();
});

type Answer = {readonly code: number | undefined; readonly out: string; readonly err: string};

/** `npm run …` in the checkout, as a person types it there, with a home of its own. */
async function npm(
	args: readonly string[],
	environment: Readonly<Record<string, string>> = {},
): Promise<Answer> {
	const {exitCode, stdout, stderr} = await execa('npm', ['run', ...args], {
		cwd: checkout,
		env: {...programEnvironment(home), npm_config_update_notifier: 'false', ...environment},
		extendEnv: false,
		reject: false,
	});
	return {code: exitCode, out: stdout, err: stderr};
}

async function readTeam(name: string): Promise<unknown> {
	const file = path.join(home, '.llm-orchestrator/teams', name, 'config.json');
	return JSON.parse(await readFile(file, 'utf8'));
}

test('"npm run orchestrator init" makes the home for its owner alone and says what to do next', async () => {
	const end = await npm(['orchestrator', 'init']);
	expect(end.code, end.err).toBe(0);
	expect(end.out).toContain(`${home}/.llm-orchestrator is ready.`);
	expect(end.out).toMatch(/(Next|npm run orchestrator -- demo)/);
	const {mode} = await stat(path.join(home, '.llm-orchestrator'));
	expect(mode & 0o777).toBe(0o700);
});

test.each<readonly [string, readonly string[], object]>([
	[
		'as the Quick Start writes it, without "--"',
		['orchestrator', 'create', 'my-team', '--provider', 'anthropic'],
		{leadProvider: {type: 'anthropic'}},
	],
	[
		'with "--"',
		['orchestrator', '--', 'create', 'my-team', '--provider', 'openai', '-m', 'gpt-x'],
		{leadProvider: {type: 'openai', model: 'gpt-x'}},
	],
	[
		'with a model',
		['orchestrator', 'create', 'my-team', '--provider', 'ollama', '--model', 'phi3'],
		{leadProvider: {type: 'ollama', model: 'phi3'}},
	],
	[
		'with "=", in any order',
		['orchestrator', 'create', '--model=llama3.2:8b', '--provider=lmstudio', 'my-team'],
		{leadProvider: {type: 'lmstudio', model: 'llama3.2:8b'}},
	],
	[
		'with everything',
		[
			'orchestrator',
			'create',
			'my-team',
			'--provider',
			'llama-server',
			'--base-url',
			'http://127.0.0.1:9/v1',
			'--model',
			'm',
			'--teammates',
			'5',
		],
		{
			leadProvider: {type: 'llama-server', model: 'm', baseUrl: 'http://127.0.0.1:9/v1'},
			teammates: 5,
		},
	],
])('a team is created through npm %s', async (_, args, team) => {
	const end = await npm(args);
	expect(end.code, end.out + end.err).toBe(0);
	expect(await readTeam('my-team')).toMatchObject({name: 'my-team', ...team});
	const {mode} = await stat(path.join(home, '.llm-orchestrator/teams/my-team/config.json'));
	expect(mode & 0o777).toBe(0o600);
});

test('"npm run orchestrator test-provider ollama" tries the server that OLLAMA_HOST names', async () => {
	const server = await startModelServer(threeFilesTeam, {models: ['phi3']});
	onTestFinished(async () => server.close());
	const end = await npm(['orchestrator', 'test-provider', 'ollama'], {
		OLLAMA_HOST: server.url.replace('http://', ''),
	});
	expect(end.out + end.err).toContain(server.url);
	expect(end.out).toContain('phi3');
	expect(server.visits.some(visit => visit.startsWith('POST'))).toBe(true);
});

test('flags that npm took for itself and cannot be told apart are refused, with how to write them', async () => {
	const end = await npm(['orchestrator', 'run', 'my-team', 'x', '--check', 'a', '--timeout', 'b']);
	expect(end.code).toBe(2);
	expect(end.err).toContain('npm run orchestrator -- run my-team x --timeout … --check …');
});

test('every command that "create" without a provider names is typed as here', async () => {
	const end = await npm(['orchestrator', 'create', 'my-team'], {OLLAMA_HOST: '127.0.0.1:9'});
	expect(end.code).toBe(2);
	expect(end.err).toMatch(/npm run orchestrator -- (doctor|create)/);
	expect(end.err).not.toMatch(/llm-orchestrator (doctor|demo|create)/);
});

test('a run through npm works in the directory that it names', async () => {
	const directory = path.join(home, 'project');
	await mkdir(directory);
	await npm(['orchestrator', 'create', 'my-team', '--provider', 'demo']);
	const end = await npm([
		'orchestrator',
		'run',
		'my-team',
		'do it',
		'--dir',
		directory,
		'--plan-only',
	]);
	expect(end.code, end.out + end.err).toBe(0);
	expect(end.out).toContain(directory);
});
