import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {execa} from 'execa';
import {animationOf, bodyOf, dark, sizeOf, svgOf} from './screen-svg.ts';
import {openScreen, type Screen} from './screen.ts';

/*
 * Creates the README's images from real screens: the program on a pseudo-terminal, driven by keys,
 * rendered cell by cell from a terminal model. Run `npm run media` after the screens changed.
 */
const root = path.join(import.meta.dirname, '..');
const media = path.join(root, 'media');
const cli = path.join(root, 'dist', 'cli.js');
const size = {columns: 120, rows: 36};

const home = await mkdtemp(path.join(tmpdir(), 'media-'));
const project = path.join(home, 'shop');
const environment = {
	PATH: process.env['PATH'],
	HOME: home,
	TMPDIR: home,
	LANG: 'C.UTF-8',
	ANTHROPIC_API_KEY: 'not-a-key',
};

function open(args: readonly string[], columns = size.columns, rows = size.rows): Screen {
	return openScreen(process.execPath, [cli, ...args], {
		columns,
		rows,
		directory: project,
		environment,
	});
}

async function save(name: string, screen: Screen): Promise<void> {
	await writeFile(path.join(media, name), svgOf(screen.terminal));
}

/** Decision keys are disabled for a moment after a request appears. */
async function approve(screen: Screen): Promise<void> {
	await sleep(700);
	screen.type('a');
	await screen.waitFor(/Approved|running/);
}

async function drawDemo(): Promise<void> {
	const screen = open(['demo', '-d', path.join(home, 'sales')]);
	const frames: {body: string; seconds: number}[] = [];
	const record = async (seconds: number, pauseMs: number, times: number) => {
		for (let index = 0; index < times; index++) {
			frames.push({body: bodyOf(screen.terminal, dark), seconds});
			await sleep(pauseMs);
		}
	};
	await screen.waitFor(/Request 1 of 1/);
	await save('approval.svg', screen);
	await record(2.5, 700, 1);
	await approve(screen);
	await record(0.6, 600, 8);
	await save('run.svg', screen);
	await record(0.6, 600, 14);
	await screen.waitFor(/completed: /);
	await record(3, 10, 1);
	screen.type('2jjj\r');
	await screen.waitFor(/Subtask report/);
	screen.type('G');
	await screen.waitFor(/@@/);
	await save('details.svg', screen);
	await writeFile(path.join(media, 'demo.svg'), animationOf(frames, sizeOf(screen.terminal)));
	await screen.close();
}

async function drawHome(): Promise<void> {
	for (const args of [
		['create', 'shop', '-p', 'anthropic', '-m', 'claude-sonnet-5'],
		['create', 'local', '-p', 'ollama', '-m', 'llama3.2', '-n', '2'],
	]) {
		await execa(process.execPath, [cli, ...args], {env: environment, extendEnv: false});
	}

	const screen = open([]);
	await screen.waitFor(/llama-server at/);
	await screen.waitFor(/✓ completed/);
	screen.type('i');
	await screen.waitFor(/Enter starts the run/);
	screen.type('Add a /health endpoint to the server, with a test');
	await screen.waitFor(/with a test/);
	await save('home.svg', screen);
	await screen.close();
}

async function drawTmux(): Promise<void> {
	const socket = path.join(home, 'tmux');
	await mkdir(socket, {mode: 0o700});
	const screen = openScreen(
		'tmux',
		[
			'-u',
			'-f',
			'/dev/null',
			'new-session',
			process.execPath,
			cli,
			'demo',
			'--ui',
			'tmux',
			'-d',
			path.join(home, 'split'),
		],
		{
			columns: 180,
			rows: 44,
			directory: project,
			environment: {...environment, TMUX_TMPDIR: socket},
		},
	);
	await screen.waitFor(/Request 1 of 1/);
	await approve(screen);
	await screen.waitFor(/teammate-3/);
	await sleep(5_000);
	await save('tmux.svg', screen);
	await execa('tmux', ['kill-server'], {
		env: {...environment, TMUX_TMPDIR: socket},
		extendEnv: false,
		reject: false,
	});
	await screen.close();
}

try {
	await mkdir(project);
	await mkdir(media, {recursive: true});
	await drawDemo();
	await drawHome();
	await drawTmux();
} finally {
	await rm(home, {recursive: true, force: true, maxRetries: 5});
}
