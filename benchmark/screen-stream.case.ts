import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {promisify} from 'node:util';
import {call, delivered, startModelServer} from '../test/helpers/model-server.ts';
import {subtaskOf, turnOf} from '../test/helpers/scripted-team.ts';
import type {BenchmarkCase, Figure} from './case.ts';
import {cli, cpuMsOf, openPty, type Pty} from './pty.ts';
import {quantile, spreadOf} from './spread.ts';

const agents = 8;
const tokensPerSecond = 200;
const seconds = 18;

/** The first seconds compile the code, so they are not measured. In ms. */
const warmUpMs = 3_000;

/** How long the screen is observed without key presses, in ms. */
const quietMs = 6_000;

/**
 * Tokens of seven characters (what the server sends at once), with line breaks, CJK and symbols.
 */
const tokens = [
	'the fil',
	'e is re',
	'ad, so ',
	'端口 is o',
	'k ✓ and',
	' we can',
	' go on.',
	'Then \nt',
];

/** Not in a repeating order, since a model that repeats itself endlessly is cut off. */
function tokenAt(index: number): string {
	return tokens[(Math.imul(index, index + 7_919) >>> 11) % tokens.length] ?? '';
}

export const benchmark: BenchmarkCase = {
	title: `Full-screen view: ${agents} agents with ${tokensPerSecond} tokens/s each for ${seconds} s (pty of 120×36)`,
	async run(scratch) {
		const project = join(scratch, 'project');
		await mkdir(project);
		const planFile = join(scratch, 'plan.json');
		await writeFile(planFile, JSON.stringify(plan()));
		const lastTokenTimes = new Map<string, number>();
		const server = await startModelServer(
			async request => {
				const id = subtaskOf(request);
				if (turnOf(request) > 0) {
					// The agent has received the last token and continues.
					lastTokenTimes.set(id, performance.now());
					return call('finish', {summary: `said ${id}`});
				}

				const count = tokensPerSecond * seconds;
				const text = Array.from({length: count}, (_, index) => tokenAt(index)).join('');
				return delivered(
					{kind: 'answer', text: `${text}${lastToken(id)}`},
					{how: 'paced', everyMs: 1_000 / tokensPerSecond},
				);
			},
			{slots: agents},
		);
		try {
			await promisify(execFile)(
				process.execPath,
				[cli, 'create', 'talkers', '-p', 'llama-server', '-u', server.url, '-n', String(agents)],
				{env: environment(scratch)},
			);
			const headless = await runHeadless(scratch, project, planFile);
			const figures = await runOnScreen(scratch, project, planFile, headless, lastTokenTimes);
			return figures;
		} finally {
			await server.close();
		}
	},
};

function plan() {
	return {
		subtasks: Array.from({length: agents}, (_, index) => ({
			id: `talk-${index + 1}`,
			title: `Talk ${index + 1}`,
			instructions: 'Talk.',
			checks: ['true'],
		})),
	};
}

function environment(home: string) {
	return {PATH: process.env['PATH'], HOME: home, TMPDIR: home, LANG: 'C.UTF-8'};
}

function order(project: string, planFile: string): readonly string[] {
	return [cli, 'run', 'talkers', 'talk', '-d', project, '--plan', planFile, '--permission', 'all'];
}

type Headless = {
	/** From the first request to the end of the run. */
	readonly ms: number;
	/** CPU time of the process per second while all agents talk, in ms. */
	readonly cpuMsPerSecond: number;
};

async function runHeadless(home: string, project: string, planFile: string): Promise<Headless> {
	const child = spawn(
		process.execPath,
		[...order(project, planFile), '--json', '--approve', 'all'],
		{env: environment(home), stdio: ['ignore', 'pipe', 'inherit']},
	);
	const started = Promise.withResolvers<number>();
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		if (text.includes('"model-call-started"')) {
			started.resolve(performance.now());
		}
	});
	const closed = once(child, 'close');
	const begin = await started.promise;
	await sleep(warmUpMs);
	const [cpu, at] = [cpuMsOf(child.pid ?? 0), performance.now()];
	await sleep(quietMs);
	const cpuMsPerSecond = (1_000 * (cpuMsOf(child.pid ?? 0) - cpu)) / (performance.now() - at);
	await closed;
	return {ms: performance.now() - begin, cpuMsPerSecond};
}

async function runOnScreen(
	home: string,
	project: string,
	planFile: string,
	headless: Headless,
	heard: ReadonlyMap<string, number>,
): Promise<readonly Figure[]> {
	const pty = openPty([...order(project, planFile), '--ui', 'tui', '--approve', 'all'], {
		home,
		directory: project,
	});
	await pty.waitFor('talk-8');
	const begin = await pty.waitFor('thinking');
	await sleep(warmUpMs);
	const [bytes, cpu, at] = [pty.output().length, pty.cpuMs(), performance.now()];
	const lasts = watchLastTokens(pty);
	await sleep(quietMs);
	const measuredMs = performance.now() - at;
	const written = pty.output().slice(bytes);
	const frames = written.split('\u001B[?2026h').length - 1;
	const cpuMs = pty.cpuMs() - cpu;
	const keys = await pressKeys(pty, 25);
	const end = await pty.waitFor('completed: ');
	const resident = pty.residentMiB();
	pty.kill();
	await pty.ended;
	// Two logs are on the screen when the first agents end; others become visible later.
	const late = [...lasts].slice(0, 2).map(([id, seen]) => seen - (heard.get(id) ?? seen));
	const perSecond = (value: number) => (1_000 * value) / measuredMs;
	return [
		figure(
			'CPU a frame: what the screen takes more than headless',
			'ms',
			(perSecond(cpuMs) - headless.cpuMsPerSecond) / perSecond(frames),
			16,
		),
		figure('CPU a frame, engine and network included', 'ms', cpuMs / frames),
		figure('frames', '/s', perSecond(frames), 15),
		figure('to the terminal', 'KiB/s', perSecond(Buffer.byteLength(written)) / 1_024, 40),
		figure('CPU of one core', '%', (100 * cpuMs) / measuredMs),
		figure('the same, headless', '%', headless.cpuMsPerSecond / 10),
		{
			kind: 'measured',
			name: 'key → screen while all talk',
			unit: 'ms',
			measured: spreadOf(keys),
		},
		figure('95 of 100 keys → screen', 'ms', quantile(keys, 0.95), 60),
		figure('last token on the screen after the agent has it', 'ms', Math.max(0, ...late), 150),
		{
			kind: 'checked',
			name: 'throughput of the agents is at least 97 % of headless',
			passed: headless.ms / (end - begin) >= 0.97,
			detail: `${((100 * headless.ms) / (end - begin)).toFixed(1)} % (${Math.round(end - begin)} ms, headless ${Math.round(headless.ms)} ms)`,
		},
		figure('resident memory at the end', 'MiB', resident),
	];
}

/** The last token of a subtask, in one chunk of the stream and on its own line. */
function lastToken(id: string): string {
	return `\nEND-${id.slice(-1)}\n`;
}

/** When the last tokens of the visible agents appeared on the screen. */
function watchLastTokens(pty: Pty): ReadonlyMap<string, number> {
	const seen = new Map<string, number>();
	for (let index = 1; index <= agents; index++) {
		const id = `talk-${index}`;
		pty.waitFor(lastToken(id).trim()).then(
			at => seen.set(id, at),
			// Only some logs are on the screen.
			() => undefined,
		);
	}

	return seen;
}

/** Opens and closes a box by keys; returns the time from each key to its effect, in ms. */
async function pressKeys(pty: Pty, times: number): Promise<readonly number[]> {
	const taken: number[] = [];
	for (let turn = 0; turn < times; turn++) {
		const from = pty.output().length;
		const begin = performance.now();
		pty.write('m');
		taken.push((await pty.waitFor('Message to', from)) - begin);
		await sleep(37 + (turn % 7) * 11);
		pty.write('\u001B');
		await sleep(200);
	}

	return taken;
}

function figure(name: string, unit: string, value: number, atMost?: number): Figure {
	return {
		kind: 'measured',
		name,
		unit,
		measured: spreadOf([value]),
		...(atMost === undefined ? {} : {target: {of: 'median', atMost}}),
	};
}
