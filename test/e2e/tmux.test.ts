import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {patience} from '../helpers/patience.ts';
import {runProgram, startProgram} from '../helpers/program.ts';
import {readEvents} from '../helpers/run-log.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';
import {approveLast} from '../helpers/scripted-home.ts';
import {openTerminal, type Terminal} from '../helpers/terminal.ts';
import {
	environmentsOf,
	hasTmux,
	openTestTmux,
	openWindowByHand,
	tellsEnvironments,
	type TestTmux,
} from '../helpers/tmux.ts';

const secrets = {
	ANTHROPIC_API_KEY: 'sk-ant-very-secret',
	OPENAI_API_KEY: 'sk-very-secret',
	OLLAMA_HOST: 'http://very-secret.example',
};

describe.skipIf(!hasTmux)('outside of tmux', () => {
	test('--ui tmux shows the lead left and viewers right, and ends with the view of the lead', async () => {
		const tmux = await openTestTmux();
		const terminal = await startDemo(tmux, '--fast');
		await expect
			.poll(async () => tmux.list('#{session_name} #{pane_title}'), patience)
			.toEqual([expect.stringMatching(/^llm-orchestrator-\S+ lead$/)]);
		await approveLast(tmux.directory);
		await expect
			.poll(async () => tmux.list('#{pane_left} #{pane_title} #{pane_dead}'), patience)
			.toEqual([
				'0 lead 0',
				...(await teammatesAtWork(tmux)).map(name => `111 ${name} · run completed 1`),
			]);
		const [, viewer] = await tmux.panes();
		const text = await tmux.waitForText(viewer?.id ?? '', /completed: .* → llm-orchestrator undo/);
		expect(text).toMatch(/^parse: teammate-1 starts\n[^]*Run ended: completed\n✓ parse /);
		terminal.type('t');
		await terminal.waitFor('the panes of this run are already open next to this view');
		terminal.type('q');
		expect(await terminal.ended).toBe(0);
		expect(terminal.text()).toMatch(/✓ npm test \(final\)[^]*completed: /);
		expect(await tmux.panes()).toEqual([]);
	});

	test('nothing of a provider reaches tmux or a pane, and who detaches follows the run in lines', async () => {
		const tmux = await openTestTmux();
		const terminal = await startDemo(tmux);
		await approveLast(tmux.directory);
		await expect.poll(async () => (await livePanes(tmux)).length, patience).toBeGreaterThan(1);
		const known = [
			...(await environmentsOf(tmux)),
			await tmux.tmux(['show-environment', '-g']),
			...(await tmux.list('#{pane_start_command} #{pane_title}')),
		].join('\n');
		expect(known.includes(`LLM_ORCHESTRATOR_HOME=${tmux.directory}`)).toBe(tellsEnvironments);
		expect(known).not.toContain('very-secret');
		terminal.type('\x02d');
		await terminal.waitFor('the run continues here, in lines');
		await expect.poll(async () => tmux.panes(), patience).toEqual([]);
		await terminal.waitFor(/here, in lines[^]*→ finish: /);
		const cancelled = await runProgram(['cancel', 'last'], {home: tmux.directory});
		expect(cancelled.code, cancelled.err).toBe(0);
		expect(await terminal.ended).toBe(9);
		expect(terminal.text()).toContain('cancelled: ');
	});

	test('who leaves the view before the decision decides in lines', async () => {
		const tmux = await openTestTmux();
		const terminal = await startDemo(tmux, '--fast');
		const foreign = await openWindowByHand(tmux, '');
		terminal.type('q');
		await expect
			.poll(async () => (await tmux.panes()).map(({id}) => id), patience)
			.toEqual([foreign]);
		await tmux.tmux(['kill-pane', '-t', foreign]);
		await terminal.waitFor('the run continues here, in lines');
		await approveLast(tmux.directory);
		expect(await terminal.ended).toBe(0);
		expect(terminal.text()).toContain('completed: ');
	});

	test('who is told to end takes the session along when the run has stopped', async () => {
		const tmux = await openTestTmux();
		const terminal = await startDemo(tmux);
		process.kill(terminal.pid, 'SIGTERM');
		expect(await terminal.ended).toBe(143);
		expect(terminal.text()).toMatch(/terminated: .* → llm-orchestrator resume/);
		expect(await tmux.panes()).toEqual([]);
	});
});

test('without tmux a split view is refused before a run has begun', async () => {
	const home = await temporaryDirectory();
	const terminal = openTerminal(['demo', '--ui', 'tmux', '-d', path.join(home, 'project')], {
		home,
		environment: {PATH: home},
	});
	expect(await terminal.ended).toBe(2);
	expect(terminal.text()).toMatch(/^tmux was not found\n→ install tmux 3\.2 or newer/);
	expect((await runProgram(['runs'], {home})).out).toMatch(/^No runs yet/);
});

test('the viewer of a run whose process was killed says how it can go on', async () => {
	const home = await temporaryDirectory();
	const demo = ['demo', '--ui', 'inline', '-d', path.join(home, 'project')];
	const program = startProgram(demo, {home});
	await program.waitFor('teammate-1 starts');
	const viewer = startProgram(['watch', 'last', '--agent', 'teammate-1'], {home});
	await viewer.waitFor('teammate-1 starts');
	program.kill('SIGKILL');
	await program.ended;
	const end = await viewer.ended;
	expect(end.code).toBe(7);
	expect(end.err).toMatch(/^no process is running this run → llm-orchestrator resume \S+\n$/);
	const whole = await runProgram(['watch', 'last'], {home});
	expect(whole.code).toBe(7);
	expect(whole.out).toContain('teammate-1 starts');
});

/** The demo on a terminal, with its plan waiting in the lead's view. */
async function startDemo(tmux: TestTmux, ...args: readonly string[]): Promise<Terminal> {
	const {directory} = tmux;
	const terminal = openTerminal(['demo', '--ui', 'tmux', ...args, '-d', `${directory}/project`], {
		home: directory,
		columns: 200,
		rows: 60,
		environment: {...secrets, TMUX_TMPDIR: directory, SHELL: '/bin/sh'},
	});
	await terminal.waitFor('Request 1 of 1');
	return terminal;
}

async function livePanes(tmux: TestTmux) {
	return (await tmux.panes()).filter(({dead}) => !dead);
}

/** The teammates that have begun something, in the order in which they did. */
async function teammatesAtWork({directory}: TestTmux): Promise<readonly string[]> {
	const names = async () => {
		const events = await readEvents(directory);
		return events.some(({type}) => type === 'run-finished')
			? events.flatMap(event => (event.type === 'subtask-started' ? [event.agent] : []))
			: [];
	};
	await expect.poll(names, patience).not.toEqual([]);
	return [...new Set(await names())];
}
