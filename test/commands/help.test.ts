import {execa} from 'execa';
import {describe, expect, test} from 'vitest';
import {flagName} from '../../source/commands/argv/flags.ts';
import {helpOf, helpTexts} from '../../source/commands/help.ts';
import {commandNames, loadCommand} from '../../source/commands/main.ts';
import type {Command} from '../../source/commands/argv/command.ts';
import {programSource} from '../helpers/program.ts';

async function load(name: string): Promise<Command> {
	const command = await loadCommand(name);
	expect(command, name).toBeDefined();
	return command as Command;
}

/** The flags that a help text shows at the beginning of a line, with their letters. */
function flagsIn(help: string): readonly string[] {
	return help.split('\n').flatMap(line => {
		const [, letter, long] = /^ {2}(?:-(\w), )?--([a-z-]+)/.exec(line) ?? [];
		return long === undefined ? [] : [letter === undefined ? `--${long}` : `-${letter}, --${long}`];
	});
}

describe.each(commandNames)('help of %s', name => {
	test('tells how to call it and gives an example', () => {
		const help = helpOf(name);
		expect(help).toMatch(new RegExp(`^Usage: llm-orchestrator ${name}( |\n)`));
		expect(help).toMatch(new RegExp(`\nExample: llm-orchestrator ${name}( .*)?$`));
	});

	test('mentions each of its flags, with its letter, and no others', async () => {
		const {flags} = await load(name);
		const own = Object.entries(flags).map(([flag, {shortFlag}]) =>
			shortFlag === undefined ? flagName(flag) : `-${shortFlag}, ${flagName(flag)}`,
		);
		const shown = flagsIn(helpOf(name)).map(flag => {
			const long = flag.replace(/^-\w, /, '');
			return own.find(candidate => candidate.endsWith(` ${long}`)) === undefined ? long : flag;
		});
		const missingFromHelp = own.filter(flag => !shown.includes(flag));
		const onlyInHelp = shown.filter(flag => !own.includes(flag));
		expect({missingFromHelp, onlyInHelp}).toEqual({missingFromHelp: [], onlyInHelp: []});
	});

	test('fits a terminal of 100 columns', () => {
		expect(
			helpOf(name)
				.split('\n')
				.filter(line => line.length > 100),
		).toEqual([]);
	});
});

test('the overview names every command, and there is help for no others', () => {
	const overview = helpOf(undefined);
	for (const name of commandNames) {
		expect(overview).toMatch(new RegExp(`^ {2}(?:\\w+ \\| )?${name}\\b`, 'm'));
	}

	expect(Object.keys(helpTexts).sort()).toEqual([...commandNames].sort());
});

test('what is no command has the overview for help', () => {
	expect(helpOf('nope')).toBe(helpOf(undefined));
	expect(helpOf('constructor')).toBe(helpOf(undefined));
});

describe('the program', () => {
	const run = execa({reject: false, extendEnv: false, env: {PATH: process.env['PATH']}});

	test.each([[[]], [['--help']], [['-h']], [['help']], [['nope', '--help']]])(
		'%j prints the overview',
		async args => {
			const end = await run(process.execPath, [programSource, ...args]);
			expect(end.stdout).toBe(helpOf(undefined));
			expect([end.exitCode, end.stderr]).toEqual([0, '']);
		},
	);

	test.each([[['run', '--help']], [['run', '-h']], [['help', 'run']], [['run', 'a', 'b', '-h']]])(
		'%j prints the help of run',
		async args => {
			const end = await run(process.execPath, [programSource, ...args]);
			expect(end.stdout).toBe(helpOf('run'));
			expect(end.exitCode).toBe(0);
		},
	);

	test.each([['--version'], ['-V']])('%s prints the version', async flag => {
		const end = await run(process.execPath, [programSource, flag]);
		expect(end.stdout).toMatch(/^\d+\.\d+\.\d+$/);
		expect(end.exitCode).toBe(0);
	});

	test('without a home, and in a directory that is gone, help still works', async () => {
		const end = await run('sh', [
			'-c',
			'd=$(mktemp -d); cd "$d"; rmdir "$d"; "$0" "$1" --help && "$0" "$1" run x y',
			process.execPath,
			programSource,
		]);
		expect(end.stdout).toBe(helpOf(undefined));
		expect(end.stderr).not.toMatch(/\n\s+at /);
		expect(end.exitCode).toBe(2);
	});
});
