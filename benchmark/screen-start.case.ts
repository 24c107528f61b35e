import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {BenchmarkCase} from './case.ts';
import {cli, openPty} from './pty.ts';
import {measureInTurn, spreadOf} from './spread.ts';

/** How long the idle screen is observed, in ms. */
const idleMs = 5_000;

export const benchmark: BenchmarkCase = {
	title: 'Full-screen view: the first frame, and a screen where nothing happens (pty of 120×36)',
	async run(scratch) {
		const home = join(scratch, 'home');
		await mkdir(home);
		const spread = await measureInTurn(
			{warmUps: 2, repetitions: 15},
			{
				bare: async () => {
					const begin = performance.now();
					return {time: (await openPty(['-e', '0'], {home}).ended) - begin};
				},
				screen: async () => {
					const begin = performance.now();
					const pty = openPty([cli], {home});
					const frame = (await pty.waitFor('Teams')) - begin;
					const before = pty.output().length;
					pty.write('?');
					const key = (await pty.waitFor('any other key', before)) - begin;
					pty.kill();
					await pty.ended;
					return {frame, key};
				},
			},
		);
		const floor = {name: 'node -e 0', measured: spread('bare', 'time')};
		return [
			{
				kind: 'measured',
				name: 'first frame of llm-orchestrator',
				unit: 'ms',
				measured: spread('screen', 'frame'),
				floor,
				target: {of: 'ratio', atMost: 8},
			},
			{
				kind: 'measured',
				name: 'response to a key pressed at that time',
				unit: 'ms',
				measured: spread('screen', 'key'),
				floor,
			},
			...(await lookIdle(home)),
		];
	},
};

async function lookIdle(home: string) {
	const pty = openPty([cli], {home});
	await pty.waitFor('llama-server at');
	await sleep(1_500);
	const [bytes, cpu] = [pty.output().length, pty.cpuMs()];
	await sleep(idleMs);
	const written = pty.output().length - bytes;
	const share = (100 * (pty.cpuMs() - cpu)) / idleMs;
	pty.kill();
	await pty.ended;
	return [
		{
			kind: 'checked' as const,
			name: `nothing is written while nothing happens (${idleMs / 1_000} s)`,
			passed: written === 0,
			detail: `${written} bytes`,
		},
		{
			kind: 'measured' as const,
			name: 'CPU while nothing happens',
			unit: '%',
			measured: spreadOf([share]),
			target: {of: 'median' as const, atMost: 1},
		},
	];
}
