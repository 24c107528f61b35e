import {describe, expect, test} from 'vitest';
import {patience} from '../helpers/patience.ts';
import {programFile} from '../helpers/program.ts';
import {approveLast} from '../helpers/scripted-home.ts';
import {
	environmentsOf,
	hasTmux,
	openAttemptSession,
	openTestTmux,
	openWindowByHand,
	pictureOf,
	splitByHand,
	type TestTmux,
} from '../helpers/tmux.ts';

describe.skipIf(!hasTmux)('inside of tmux', () => {
	test('t opens the team in windows of its own where the lead is not alone, and closes it', async () => {
		const tmux = await openTestTmux();
		const lead = await openAttemptSession(tmux, 'person');
		await tmux.tmux(['set-environment', '-g', 'ANTHROPIC_API_KEY', 'sk-very-secret']);
		const foreign = [await splitByHand(tmux, lead), await openWindowByHand(tmux, 'person')];
		await startInPane(tmux, lead, '--ui', 'tui');
		await approveLast(tmux.directory);
		const before = await pictureOf(tmux, [...foreign]);
		await tmux.waitForText(lead, /running/);
		await press(tmux, lead, 't');
		await tmux.waitForText(lead, 't closes them');
		await expect.poll(async () => tmux.list('#{window_name}'), patience).toContain('team 1');
		const [viewer] = (await tmux.panes()).slice(3);
		await tmux.waitForText(viewer?.id ?? '', 'teammate-1 starts');
		expect((await environmentsOf(tmux)).at(-1)).not.toContain('very-secret');
		expect(await pictureOf(tmux, foreign)).toEqual(before);
		await press(tmux, lead, 't');
		await tmux.waitForText(lead, 'Closed the teammate panes');
		await expect
			.poll(async () => (await tmux.panes()).map(({id}) => id), patience)
			.toEqual([lead, ...foreign]);
		expect(await pictureOf(tmux, foreign)).toEqual(before);
	});

	test('--ui tmux: a viewer that is closed by hand stops nothing, and at the end all is as before', async () => {
		const tmux = await openTestTmux();
		const lead = await openAttemptSession(tmux, 'person');
		const options = await tmux.tmux(['show-options', '-w', '-t', lead]);
		await startInPane(tmux, lead, '--ui', 'tmux');
		await approveLast(tmux.directory);
		await expect.poll(async () => (await tmux.panes()).length, patience).toBe(4);
		const [, viewer, ...others] = await tmux.panes();
		await tmux.tmux(['kill-pane', '-t', viewer?.id ?? '']);
		await tmux.waitForText(lead, 'completed: 6 of 7 subtasks are done');
		for (const {id} of others) {
			await tmux.waitForText(id, 'Run ended: completed');
		}

		expect(await tmux.panes()).toHaveLength(3);
		await press(tmux, lead, 'q');
		await expect.poll(async () => (await tmux.panes()).map(({id}) => id), patience).toEqual([lead]);
		await tmux.waitForText(lead, /npm test \(final\)[^]*completed: /);
		await expect
			.poll(async () => tmux.tmux(['show-options', '-w', '-t', lead]), patience)
			.toBe(options);
	});
});

/** The demo in a pane of a server that is there, with its plan waiting. The pane stays. */
async function startInPane(
	tmux: TestTmux,
	pane: string,
	...args: readonly string[]
): Promise<void> {
	const {directory} = tmux;
	await tmux.tmux(['set-option', '-p', '-t', pane, 'remain-on-exit', 'on']);
	const program = [process.execPath, programFile, 'demo', ...args, '-d', `${directory}/project`];
	const variables = ['-e', `TMPDIR=${directory}`];
	await tmux.tmux(['respawn-pane', '-k', '-t', pane, ...variables, '--', ...program]);
	await tmux.waitForText(pane, 'Request 1 of 1');
}

async function press({tmux}: TestTmux, pane: string, key: string): Promise<void> {
	await tmux(['send-keys', '-t', pane, key]);
}
