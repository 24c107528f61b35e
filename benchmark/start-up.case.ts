import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import type {BenchmarkCase} from './case.ts';
import {packagesLoadedBy} from './loaded-packages.ts';
import {measureInTurn} from './spread.ts';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** Packages that are slow to load and not needed for either option. */
const heavy = new Set(['@anthropic-ai/sdk', 'openai', 'ollama', 'zod', 'meow', 'ink', 'react']);

export const benchmark: BenchmarkCase = {
	title: 'Start-up: whole processes of dist/cli.js',
	async run(scratch) {
		const environment = {PATH: process.env['PATH'], HOME: scratch};
		const timed = (...args: readonly string[]) => {
			const begin = performance.now();
			const {status, stderr} = spawnSync(process.execPath, args, {
				cwd: scratch,
				env: environment,
				encoding: 'utf8',
			});
			if (status !== 0) {
				throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
			}

			return {time: performance.now() - begin};
		};

		const spread = await measureInTurn(
			{warmUps: 3, repetitions: 31},
			{
				bare: () => timed('-e', '0'),
				version: () => timed(cli, '--version'),
				help: () => timed(cli, '--help'),
			},
		);
		const floor = {name: 'node -e 0', measured: spread('bare', 'time')};
		return [
			{
				kind: 'measured',
				name: '--version',
				unit: 'ms',
				measured: spread('version', 'time'),
				floor,
				target: {of: 'ratio', atMost: 1.5},
			},
			{
				kind: 'measured',
				name: '--help',
				unit: 'ms',
				measured: spread('help', 'time'),
				floor,
				target: {of: 'ratio', atMost: 2},
			},
			...['--version', '--help'].map(flag => {
				const found = packagesLoadedBy([cli, flag], environment);
				return {
					kind: 'checked' as const,
					name: `${flag} loads no SDK, zod, meow, Ink or React`,
					passed: found.every(name => !heavy.has(name)),
					detail: found.length === 0 ? 'no package at all' : found.join(', '),
				};
			}),
			validateCheck(packagesLoadedBy([cli, 'no-such-command'], environment)),
		];
	},
};

/** Validates the check: it must find zod where it is loaded. */
function validateCheck(found: readonly string[]) {
	return {
		kind: 'checked' as const,
		name: 'the check sees the packages of a command that loads them',
		passed: found.some(name => heavy.has(name)),
		detail: found.join(', '),
	};
}
