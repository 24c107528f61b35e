import {describe, expect, test} from 'vitest';
import {planOf, subtask} from '../../../helpers/run-parts.ts';
import {begun, decided, literalRun, planning, proposed} from '../../../helpers/ui-run.ts';
import {screenOf} from '../../frame.tsx';
import {openRunApp} from '../../open-test-app.ts';

const working = [
	...planning({teammates: ['alice']}),
	...proposed(planOf({subtasks: [subtask('api')]})),
	decided('p1'),
	...begun('api', 'alice'),
];

/** A run whose teammate has said a hundred lines; the keys go to its log, alone on the screen. */
async function open() {
	const run = literalRun({past: working});
	const test = await openRunApp({kind: 'own', run});
	const say = (text: string) => {
		run.say({agent: 'alice', kind: 'text', text});
		test.app.changed();
	};
	say(Array.from({length: 100}, (_, index) => `line ${index}.`).join('\n\n'));
	test.keys('1', 'j', 'enter');
	return {...test, run, say, screen: () => screenOf(test.app).join('\n')};
}

describe('a log', () => {
	test('follows its end until it is scrolled, and again from its end on', async () => {
		const test = await open();
		expect(test.view().zoom).toEqual({kind: 'log', agent: 'alice'});
		expect(test.screen()).toContain('line 99.');
		test.keys('k');
		expect(test.screen()).toContain('scrolled');
		test.say('\n\nsomething new');
		expect(test.screen()).not.toContain('something new');
		test.keys('G');
		expect(test.screen()).toContain('something new');
		expect(test.screen()).not.toContain('scrolled');
		test.say('\n\nmore');
		expect(test.screen()).toContain('more');
	});

	test('goes on following while all of it is in sight', async () => {
		const run = literalRun({past: working});
		const test = await openRunApp({kind: 'own', run});
		test.keys('1', 'j', 'enter', 'k', 'up', 'pageup', 'g');
		expect(test.view().logTops['alice']).toBeUndefined();
	});

	test('begins at its first line', async () => {
		const test = await open();
		test.keys('g');
		expect(test.screen()).toContain('subtask api');
		expect(test.screen()).toContain('line 0.');
	});

	test('stays where it is with f, and follows again with f', async () => {
		const test = await open();
		test.keys('f');
		expect(test.notice()).toContain('Stopped following');
		test.say('\n\nsomething new');
		expect(test.screen()).not.toContain('something new');
		test.keys('f');
		expect(test.notice()).toContain('Following the end');
		expect(test.screen()).toContain('something new');
	});

	test('finds a text from its end back, and goes on to the next ones', async () => {
		const test = await open();
		test.keys('/');
		test.burst('line 4');
		test.keys('enter');
		expect(test.screen()).toContain('line 49.');
		expect(test.screen()).not.toContain('line 99.');
		test.keys('N');
		expect(test.screen()).toContain('line 48.');
		const top = () => test.view().logTops['alice'];
		const at48 = top();
		test.keys('n');
		expect(top()).toBeGreaterThan(at48 ?? 0);
		test.keys('n');
		expect(test.screen()).toContain('line 4.');
	});

	test('says so when a text is not there, and when none is looked for', async () => {
		const test = await open();
		test.keys('n');
		expect(test.notice()).toBe('No search yet; press /.');
		test.keys('/');
		test.burst('nowhere');
		test.keys('enter');
		expect(test.notice()).toBe('“nowhere” is not in this log.');
		expect(test.view().logTops['alice']).toBeUndefined();
	});

	test('keeps what is looked for, until nothing is', async () => {
		const test = await open();
		test.keys('/');
		test.burst('line 4');
		test.keys('enter', '/');
		expect(test.dialog()).toMatchObject({state: {text: 'line 4'}});
		test.keys('ctrl+u', 'enter');
		expect(test.view().query).toBeUndefined();
		test.keys('escape', '3', '/');
		test.burst('line 4');
		test.keys('enter', 'escape');
		expect(test.view().query).toBeUndefined();
	});

	test('unfolds the last long result in sight, and folds it again', async () => {
		const test = await open();
		const call = {agent: 'alice', subtask: 'api', attempt: 1, call: 't1'};
		test.run.tell(
			{
				type: 'tool-call-started',
				...call,
				tool: 'run_command',
				effect: 'command',
				summary: 'run_command ls',
			},
			{
				type: 'tool-call-finished',
				...call,
				ok: true,
				result: Array.from({length: 40}, (_, index) => `file ${index}`).join('\n'),
				durationMs: 1,
			},
		);
		await test.settle();
		const folded = test.view().session.logOf('alice').length;
		test.keys('space');
		const unfolded = test.view().session.logOf('alice').length;
		expect(unfolded).toBeGreaterThan(folded + 10);
		test.keys('space');
		expect(test.view().session.logOf('alice').length).toBe(folded);
	});
});

test('keys of a log mean nothing elsewhere', async () => {
	const test = await open();
	test.keys('escape', '2', 'f');
	expect(test.notice()).toBe('f does nothing here; ? shows the keys.');
});
