import {existsSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {openTeamPanes, type TeamPanes} from '../../source/panes/team-panes.ts';
import {
	hasTmux,
	openAttemptSession,
	openTestTmux,
	openWindowByHand,
	pictureOf,
	splitByHand,
	type TestTmux,
} from '../helpers/tmux.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {sanitizeLine} from '../../source/core/text.ts';
import {patience} from '../helpers/patience.ts';

const mark = '@llm-orchestrator-run';

/** A viewer that has said who it is and goes on. */
const patient = (agent: string): readonly string[] => [
	'sh',
	'-c',
	`echo "I am ${agent}"; exec cat`,
];

describe.skipIf(!hasTmux)('the panes of a team', () => {
	test('stand right of the lead, one below the other, each with its viewer and its title', async () => {
		const {tmux, lead, panes} = await openTeam();
		await showAll(panes, 3);
		await panes.setTitle('agent-2', 'agent-2 · parse · thinks');
		const [first, ...viewers] = await tmux.list(
			'#{pane_id} #{pane_left},#{pane_top} #{pane_title}',
		);
		expect(first).toMatch(new RegExp(`^${lead} 0,1 `));
		expect(viewers).toEqual([
			expect.stringMatching(/^%\d+ 111,1 agent-1$/),
			expect.stringMatching(/^%\d+ 111,21 agent-2 · parse · thinks$/),
			expect.stringMatching(/^%\d+ 111,41 agent-3$/),
		]);
		for (const [index, viewer] of viewers.entries()) {
			await tmux.waitForText(viewer.split(' ')[0] ?? '', `I am agent-${index + 1}`);
		}
	});

	test('are at most six in a window, the lead among them, then there are more windows', async () => {
		const {tmux, panes} = await openTeam();
		await showAll(panes, 16);
		expect(await panesByWindow(tmux)).toEqual(['home 6', 'team 1 6', 'team 2 5']);
		for (const size of await tmux.list('#{pane_width} #{pane_height}')) {
			const [width, height] = size.split(' ').map(Number);
			expect(width, size).toBeGreaterThan(80);
			expect(height, size).toBeGreaterThan(9);
		}

		expect(await tmux.list('#{window_name}#{window_active}')).toContain('home1');
	});

	test('are opened once for an agent, also when it is asked for at the same time', async () => {
		const {tmux, panes} = await openTeam();
		await Promise.all([panes.show('a'), panes.show('b'), panes.show('a')]);
		await panes.show('b');
		expect(await tmux.panes()).toHaveLength(3);
	});

	test('take windows of their own where the lead would have no room beside them', async () => {
		const {tmux, panes} = await openTeam({columns: 80, rows: 24});
		await showAll(panes, 2);
		expect(await panesByWindow(tmux)).toEqual(['home 1', 'team 1 2']);
		const low = await openTeam({columns: 120, rows: 24});
		await showAll(low.panes, 5);
		expect(await panesByWindow(low.tmux)).toEqual(['home 4', 'team 1 2']);
	});

	test('leave a window that shows one pane alone as it is', async () => {
		const {tmux, lead, panes} = await openTeam();
		await panes.show('a');
		await tmux.tmux(['resize-pane', '-Z', '-t', lead]);
		await panes.show('b');
		expect(await tmux.list('#{pane_id}#{window_zoomed_flag}#{pane_active}')).toContain(`${lead}11`);
	});

	test('stay with the last words of their viewer, however soon it ends', async () => {
		const {tmux, lead, panes} = await openTeam({}, () => ['sh', '-c', 'echo bye; exit 3']);
		await panes.show('a');
		await expect.poll(async () => tmux.list('#{pane_dead}'), patience).toEqual(['0', '1']);
		const [, ended] = await tmux.panes();
		expect(await tmux.textOf(ended?.id ?? '')).toBe('bye');
		expect(await tmux.tmux(['show-options', '-pv', '-t', lead, 'remain-on-exit'])).toBe('');
	});

	test('get their variables and their directory, and nobody else gets these', async () => {
		const {tmux, panes} = await openTeam({}, () => ['sh', '-c', 'echo "$FLAVOUR;$PWD"; exec cat']);
		await panes.show('a');
		const [, viewer] = await tmux.panes();
		await tmux.waitForText(viewer?.id ?? '', `sweet;;${tmux.directory}`);
		const variables = [
			await tmux.tmux(['show-environment', '-g']),
			await tmux.tmux(['show-environment', '-t', 'person']),
		];
		expect(variables.join()).not.toContain('FLAVOUR');
	});
});

describe.skipIf(!hasTmux)('what is not ours', () => {
	test('is neither resized, named, laid out nor closed, in the window of the lead or beside it', async () => {
		const tmux = await openTestTmux();
		const lead = await openAttemptSession(tmux, 'person');
		const other = await openAttemptSession(tmux, 'other');
		const foreign = [
			await splitByHand(tmux, lead),
			await openWindowByHand(tmux, 'person'),
			other,
			await splitByHand(tmux, other),
		];
		const before = await pictureOf(tmux, [lead, ...foreign]);
		const panes = team(tmux, lead);
		await showAll(panes, 8);
		await panes.setTitle('agent-1', 'working');
		expect(await panesByWindow(tmux)).toEqual([
			'home 2',
			'home 2',
			'mine 1',
			'team 1 6',
			'team 2 2',
		]);
		expect(await pictureOf(tmux, [lead, ...foreign])).toEqual(before);
		await panes.close();
		expect(await pictureOf(tmux, [lead, ...foreign])).toEqual(before);
		expect(await tmux.panes()).toHaveLength(5);
	});

	test('may come into our windows: then these are left as they are, and it stays when ours go', async () => {
		const {tmux, lead, panes} = await openTeam();
		await panes.show('a');
		const foreign = await splitByHand(tmux, lead);
		const before = await pictureOf(tmux, [foreign]);
		await panes.show('b');
		expect(await panesByWindow(tmux)).toEqual(['home 3', 'team 1 1']);
		const guest = await splitByHand(tmux, (await tmux.panes()).at(-1)?.id ?? '');
		await panes.show('c');
		expect(await panesByWindow(tmux)).toEqual(['home 3', 'team 1 2', 'team 2 1']);
		expect(await pictureOf(tmux, [foreign])).toEqual(before);
		await panes.close();
		expect((await tmux.panes()).map(({id}) => id)).toEqual([lead, foreign, guest]);
		expect(await tmux.tmux(['show-options', '-w', '-t', guest])).not.toContain('pane-border');
	});

	test('is never closed: what we did not open, though it is marked, and what lost its mark', async () => {
		const {tmux, lead, panes} = await openTeam();
		await showAll(panes, 2);
		const foreign = await openWindowByHand(tmux, 'person');
		await tmux.tmux(['set-option', '-p', '-t', foreign, mark, 'r1']);
		const [, first, second] = await tmux.panes();
		await tmux.tmux(['set-option', '-p', '-t', first?.id ?? '', mark, 'r2']);
		await panes.close();
		const left = (await tmux.panes()).map(({id}) => id);
		expect(left).toEqual([lead, first?.id, foreign]);
		expect(left).not.toContain(second?.id);
	});

	test('is closed by hand without a word, and not opened again', async () => {
		const {tmux, lead, panes} = await openTeam();
		await showAll(panes, 2);
		const [, first] = await tmux.panes();
		await tmux.tmux(['kill-pane', '-t', first?.id ?? '']);
		await panes.setTitle('agent-1', 'gone');
		await panes.show('agent-1');
		await panes.show('agent-3');
		expect((await tmux.list('#{pane_title}')).slice(1)).toEqual(['agent-2', 'agent-3']);
		expect(await panes.isLeadOpen()).toBe(true);
		await panes.close();
		expect((await tmux.panes()).map(({id}) => id)).toEqual([lead]);
	});

	test('gets the options of its window back, set or not', async () => {
		const {tmux, lead, panes} = await openTeam();
		const set = async (name: string, value: string) =>
			tmux.tmux(['set-option', '-w', '-t', lead, name, value]);
		await set('pane-border-status', 'bottom');
		await set('main-pane-width', '77');
		const before = await tmux.tmux(['show-options', '-w', '-t', lead]);
		await panes.show('a');
		const during = await tmux.tmux(['show-options', '-w', '-t', lead]);
		expect(during).toContain('pane-border-status top');
		await panes.close();
		expect(await tmux.tmux(['show-options', '-w', '-t', lead])).toBe(before);
	});

	test('is missed when it was the lead', async () => {
		const {tmux, lead, panes} = await openTeam();
		await panes.show('a');
		await tmux.tmux(['set-option', '-p', '-t', lead, 'remain-on-exit', 'on']);
		await tmux.tmux(['respawn-pane', '-k', '-t', lead, '--', 'sh', '-c', 'exit 0']);
		await expect.poll(() => panes.isLeadOpen(), patience).toBe(false);
		await tmux.tmux(['kill-pane', '-t', lead]);
		expect(await panes.isLeadOpen()).toBe(false);
		await tmux.tmux(['kill-server']);
		await expect(panes.isLeadOpen()).rejects.toThrow(/^tmux list-panes: /);
		await panes.close();
	});
});

describe.skipIf(!hasTmux)('the title of a pane', () => {
	test.each([
		'#(touch FILE)',
		'##(touch FILE)',
		'###(touch FILE)',
		'#{pane_id} #{q:pane_id} #D #S %H',
		'#[fg=red]red #[range=left]',
		'$(touch FILE) `touch FILE` ${HOME}',
		'a;',
		'a; kill-server',
		'a\\; kill-server ;',
		'\'quoted\' "twice" \\ }, end',
		'--',
		'-t',
	])('is text and nothing else: %s', async text => {
		const {tmux, panes} = await openTeam();
		const file = path.join(tmux.directory, 'touched');
		const title = text.replaceAll('FILE', file);
		await panes.show('a');
		await panes.setTitle('a', title);
		const [, shown = ''] = await tmux.list('#{pane_title}');
		// What begins a style stays doubled, which shows it as it is.
		expect(shown).toBe(title.replaceAll(/#+\[/g, hashes => `#${hashes}`));
		await tmux.tmux(['display-message', '-p', '#{T:pane-border-format}']);
		// What tmux starts, it starts in order.
		const sentinel = path.join(tmux.directory, 'sentinel');
		await tmux.tmux(['run-shell', `touch ${sentinel}`]);
		expect(existsSync(sentinel)).toBe(true);
		expect(existsSync(file)).toBe(false);
	});

	test('holds nothing that a terminal acts on', async () => {
		const {tmux, panes} = await openTeam();
		await panes.show('a');
		await panes.setTitle('a', sanitizeLine(`a${poison}`));
		const [, shown = ''] = await tmux.list('#{pane_title}');
		expect(shown).not.toMatch(unprintable);
	});
});

async function openTeam(
	size: {readonly columns?: number; readonly rows?: number} = {},
	viewer: (agent: string) => readonly string[] = patient,
) {
	const tmux = await openTestTmux();
	const lead = await openAttemptSession(tmux, 'person', size);
	return {tmux, lead, panes: team(tmux, lead, viewer)};
}

function team({tmux, directory}: TestTmux, lead: string, viewer = patient): TeamPanes {
	const environment = {FLAVOUR: 'sweet;'};
	return openTeamPanes({tmux, lead, run: 'r1', viewer, directory, environment});
}

async function showAll(panes: TeamPanes, count: number): Promise<void> {
	for (let number = 1; number <= count; number++) {
		await panes.show(`agent-${number}`);
	}
}

/** Each window with its number of panes, in the order of the server's list. */
async function panesByWindow({tmux}: TestTmux): Promise<readonly string[]> {
	const list = await tmux(['list-windows', '-a', '-F', '#{window_name} #{window_panes}']);
	return list.split('\n');
}
