import {expect, test} from 'vitest';
import {planOf, subtask} from '../../../helpers/run-parts.ts';
import {begun, decided, literalReplay, planning, proposed} from '../../../helpers/ui-run.ts';
import {screenOf} from '../../frame.tsx';
import {openRunApp} from '../../open-test-app.ts';

const past = [
	...planning(),
	...proposed(planOf({subtasks: [subtask('api')]})),
	decided('p1'),
	...begun('api', 'alice'),
];

async function open() {
	const replay = literalReplay({past});
	const opened = await openRunApp({kind: 'replay', run: replay});
	return {...opened, replay, badge: () => /\[.*?\]/.exec(screenOf(opened.app)[0] ?? '')?.[0]};
}

test('a replay is paused and goes on, which its badge says', async () => {
	const {keys, badge} = await open();
	expect(badge()).toBe('[replay 8/100 ×1]');
	keys('space');
	expect(badge()).toBe('[replay 8/100 paused]');
	keys('p');
	expect(badge()).toBe('[replay 8/100 ×1]');
});

test('a replay goes faster and slower, within limits', async () => {
	const {keys, badge} = await open();
	keys('+', '=', '+');
	expect(badge()).toBe('[replay 8/100 ×8]');
	keys(...Array.from({length: 20}, () => '+'));
	expect(badge()).toBe('[replay 8/100 ×256]');
	keys(...Array.from({length: 40}, () => '-'));
	expect(badge()).toBe('[replay 8/100 ×0.25]');
});

test('a replay is gone through by twentieths, and to its ends', async () => {
	const {keys, replay} = await open();
	keys('right', '.', 'left', ',', '>', '<');
	expect(replay.jumps).toEqual([13, 13, 3, 3, 100, 1]);
});

test('a jump that fails is told', async () => {
	const {app, keys, notice, settle, view} = await open();
	const {source} = view().session;
	if (source.kind === 'replay') {
		app.store.setState({
			run: {
				...view(),
				session: {
					...view().session,
					source: {
						kind: 'replay',
						run: {
							...source.run,
							controls: {
								...source.run.controls,
								async jump() {
									throw new Error('the log is damaged');
								},
							},
						},
					},
				},
			},
		});
	}

	keys('>');
	await settle();
	expect(notice()).toBe('the log is damaged');
});

test('what is seen of a replay is looked at as of a run', async () => {
	const {keys, view} = await open();
	keys('enter');
	expect(view().zoom).toEqual({kind: 'details', subtask: 'api', top: 0});
});
