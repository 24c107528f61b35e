import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {BenchmarkCase, Figure} from './case.ts';
import {cli, openPty} from './pty.ts';
import {measureInTurn, spreadOf} from './spread.ts';
import {writeRun, type AgentOutput} from './write-run.ts';

const events = 100_000;
const tokens = 500_000;
const talkers = 8;

export const benchmark: BenchmarkCase = {
	title: 'Full-screen view: a long run attached to, and much text played again (pty of 120×36)',
	async run(scratch) {
		const home = join(scratch, 'home');
		const runs = join(home, '.llm-orchestrator', 'runs');
		await mkdir(runs, {recursive: true, mode: 0o700});
		await writeRun(runs, 'long-run', events);
		await writeRun(runs, 'much-said', 200, agentOutput());
		return [...(await attach(home)), ...(await replay(home))];
	},
};

/** 500,000 tokens of four characters by eight agents, taking turns. */
function* agentOutput(): Generator<AgentOutput> {
	const line = 'the file is read, so 端口 is ok and we can go on with the next one.\n';
	const text = line.repeat(4);
	const tokensOfText = text.length / 4;
	for (let said = 0, turn = 0; said < tokens; said += tokensOfText, turn++) {
		yield {agent: `teammate-${1 + (turn % talkers)}`, text};
	}
}

async function attach(home: string): Promise<readonly Figure[]> {
	const spread = await measureInTurn(
		{warmUps: 1, repetitions: 5},
		{
			attach: async () => {
				const begin = performance.now();
				const pty = openPty([cli, 'attach', 'long-run'], {home});
				const frame = (await pty.waitFor('Plan · ')) - begin;
				const from = pty.output().length;
				pty.write('?');
				const key = (await pty.waitFor('any other key', from)) - begin;
				pty.kill();
				await pty.ended;
				return {frame, key};
			},
		},
	);
	return [
		{
			kind: 'measured',
			name: `attach to ${events.toLocaleString('en')} events`,
			unit: 'ms',
			measured: spread('attach', 'frame'),
			target: {of: 'median', atMost: 1_500},
		},
		{
			kind: 'measured',
			name: 'response to a key pressed at that time',
			unit: 'ms',
			measured: spread('attach', 'key'),
		},
	];
}

async function replay(home: string): Promise<readonly Figure[]> {
	const pty = openPty([cli, 'replay', 'much-said', '--speed', '1000'], {home});
	const begin = performance.now();
	await pty.waitFor('[replay 200/200');
	// The text comes after the last event: it is complete once there is no more output.
	await quiet(pty);
	const took = performance.now() - begin;
	const resident = pty.residentMiB();
	const isShown = pty.output().includes('端口 is ok');
	pty.kill();
	await pty.ended;
	return [
		{
			kind: 'measured',
			name: `resident memory after ${tokens.toLocaleString('en')} tokens were played`,
			unit: 'MiB',
			measured: spreadOf([resident]),
			target: {of: 'median', atMost: 200},
		},
		{
			kind: 'checked',
			name: 'the logs show the text',
			passed: isShown,
			detail: isShown ? 'yes' : 'no',
		},
		{
			kind: 'measured',
			name: 'time of that replay at speed 1000',
			unit: 'ms',
			measured: spreadOf([took]),
		},
	];
}

/** Resolves after a second without output. */
async function quiet(pty: ReturnType<typeof openPty>): Promise<void> {
	let length = -1;
	while (length !== pty.output().length) {
		length = pty.output().length;
		await new Promise(resolve => {
			setTimeout(resolve, 1_000);
		});
	}
}
