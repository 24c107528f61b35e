import {describe, expect, test} from 'vitest';
import {openLeadSession} from '../../source/panes/lead-session.ts';
import {
	hasTmux,
	openAttemptSession,
	openTestTmux,
	openWindowByHand,
	type TestTmux,
} from '../helpers/tmux.ts';
import {patience} from '../helpers/patience.ts';

describe.skipIf(!hasTmux)('the session of a lead', () => {
	test('shows its view in a pane that is titled and marked, in the size of the terminal', async () => {
		const tmux = await openTestTmux();
		const {name, lead} = await open(tmux, ['sh', '-c', 'echo "the view: $FLAVOUR"; exec cat']);
		expect(name).toBe('llm-orchestrator-r1');
		await tmux.waitForText(lead, 'the view: sweet');
		expect(await tmux.list('#{session_name} #{pane_title} #{@llm-orchestrator-run}')).toEqual([
			'llm-orchestrator-r1 lead r1',
		]);
		expect((await tmux.panes())[0]).toMatchObject({id: lead, width: 110, height: 40});
		expect(await tmux.tmux(['show-environment', '-t', name])).not.toContain('FLAVOUR');
	});

	test('ends with the view, also where panes usually stay', async () => {
		const tmux = await openTestTmux();
		const other = await openAttemptSession(tmux, 'person');
		await tmux.tmux(['set-option', '-gw', 'remain-on-exit', 'on']);
		await open(tmux, ['sh', '-c', 'exit 0']);
		await expect
			.poll(async () => (await tmux.panes()).map(({id}) => id), patience)
			.toEqual([other]);
	});

	test('is found a name where a killed process has left one behind', async () => {
		const tmux = await openTestTmux();
		await openAttemptSession(tmux, 'llm-orchestrator-r1');
		expect((await open(tmux)).name).toBe('llm-orchestrator-r1-2');
		expect((await open(tmux)).name).toBe('llm-orchestrator-r1-3');
	});

	test('keeps what else is in it when the view is closed', async () => {
		const tmux = await openTestTmux();
		const session = await open(tmux);
		const foreign = await openWindowByHand(tmux, session.name);
		await session.close();
		await session.close();
		expect((await tmux.panes()).map(({id}) => id)).toEqual([foreign]);
	});
});

async function open({tmux, directory}: TestTmux, program: readonly string[] = ['cat', '-']) {
	const environment = {FLAVOUR: 'sweet'};
	const size = {columns: 110, rows: 40};
	return openLeadSession({tmux, run: 'r1', program, directory, environment, ...size});
}
