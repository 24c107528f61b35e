import {describe, expect, test} from 'vitest';
import type {Command} from '../../../source/commands/argv/command.ts';
import {loadCommand} from '../../../source/commands/main.ts';
import {restoreNpmFlags} from '../../../source/commands/argv/npm-flags.ts';
import {parseArguments} from '../../../source/commands/argv/parse-arguments.ts';

/** What a command gets after npm handed it these words and this environment. */
async function restore(
	name: string,
	words: readonly string[],
	environment: Readonly<Record<string, string>>,
): Promise<unknown> {
	const command = (await loadCommand(name)) as Command;
	const {flags} = parseArguments(restoreNpmFlags(words, command, environment), command);
	return flags;
}

describe('flags that npm took are given back', () => {
	test.each<readonly [string, readonly string[], Readonly<Record<string, string>>, object]>([
		[
			'a value left among the words',
			['x', 'anthropic'],
			{npm_config_provider: 'true'},
			{provider: 'anthropic'},
		],
		['a value kept by npm', ['x'], {npm_config_provider: 'ollama'}, {provider: 'ollama'}],
		[
			'two values, told apart by their look',
			['x', 'phi3', 'ollama'],
			{npm_config_model: 'true', npm_config_provider: 'true'},
			{provider: 'ollama', model: 'phi3'},
		],
		[
			'four values in any order',
			['x', '5', 'http://h:1', 'm', 'lmstudio'],
			{
				npm_config_provider: 'true',
				npm_config_model: 'true',
				npm_config_base_url: 'true',
				npm_config_teammates: 'true',
			},
			{provider: 'lmstudio', model: 'm', baseUrl: 'http://h:1', teammates: '5'},
		],
		['a value that begins with a dash', ['x'], {npm_config_model: '-odd'}, {model: '-odd'}],
		['a value in quotes', ['x'], {npm_config_model: '"a" "b"'}, {model: '"a" "b"'}],
		[
			'nothing, when nothing was taken',
			['x'],
			{npm_config_cache: '/c', npm_config_provider: ''},
			{},
		],
		[
			'nothing, behind "--"',
			['x', '--provider', 'demo', '-m', 'm'],
			{},
			{provider: 'demo', model: 'm'},
		],
	])('%s', async (_, words, environment, flags) => {
		expect(await restore('create', words, environment)).toEqual(flags);
	});

	test('a switch, and a task that stays where it is', async () => {
		expect(
			await restore('run', ['team', 'do it', '10m'], {
				npm_config_json: 'true',
				npm_config_timeout: 'true',
			}),
		).toEqual({json: true, timeout: '10m'});
	});

	test.each([
		['two values that nothing tells apart', ['team', 'task', 'a', 'b'], ['check', 'timeout']],
		['fewer values than flags', ['team', 'task'], ['check']],
		['more values than flags', ['team', 'task', 'a', 'b'], ['check']],
	])('%s are refused', async (_, words, taken) => {
		const environment = Object.fromEntries(taken.map(name => [`npm_config_${name}`, 'true']));
		await expect(restore('run', words, environment)).rejects.toThrow(/npm consumed the flags --/);
	});

	test.each([
		[
			'which have their values among the words',
			['my-team', 'write three files', '../p1', 'all'],
			{npm_config_dir: 'true', npm_config_permission: 'true', npm_config_plan_only: 'true'},
			"run my-team 'write three files' --plan-only --permission … --dir … (received values: ../p1, all)",
		],
		[
			'of which some came whole',
			['my-team', 'do it', 'a', 'b'],
			{npm_config_check: 'true', npm_config_timeout: 'true', npm_config_dir: 'my dir'},
			"run my-team 'do it' '--dir=my dir' --timeout … --check … (received values: a, b)",
		],
		[
			'whose values are lost',
			['my-team', 'do it'],
			{npm_config_check: 'true'},
			"run my-team 'do it' --check …",
		],
	])('flags %s are refused with the command that was typed', async (_, words, environment, own) => {
		await expect(restore('run', words, environment)).rejects.toMatchObject({
			hint: `put "--" before the arguments: npm run orchestrator -- ${own}`,
		});
	});
});
