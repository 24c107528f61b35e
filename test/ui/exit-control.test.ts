import {describe, expect, test} from 'vitest';
import {createAppStore} from '../../source/ui/app-store.ts';
import {homeViewOf} from '../../source/ui/home/home-view.ts';
import {createExitControl} from '../../source/ui/exit-control.ts';
import {openAttemptSession, type RunKind} from '../../source/session/run-session.ts';
import {runViewOf} from '../../source/ui/run/run-view.ts';
import {sampleReport} from '../core/every-event.ts';
import {literalRun, planning, type LiteralRun} from '../helpers/ui-run.ts';

/** What is left: a home screen, a run that is shown, runs of this process. */
function leavingOf({
	hasHome = true,
	shown,
	own = [],
}: {
	readonly hasHome?: boolean;
	readonly shown?: RunKind | undefined;
	readonly own?: readonly LiteralRun[];
}) {
	const store = createAppStore({
		columns: 100,
		rows: 30,
		home: hasHome ? homeViewOf('/p') : undefined,
		run:
			shown &&
			runViewOf(
				openAttemptSession(shown, {changed: () => undefined, readDiff: async () => ''}),
				'task',
			),
	});
	const done: string[] = [];
	let time = 10_000;
	const leaving = createExitControl({
		store,
		now: () => time,
		own: () => own,
		goHome: () => done.push('home'),
		abandon: () => done.push('abandon'),
		exit: () => done.push('exit'),
	});
	return {
		...leaving,
		done,
		pass(ms: number) {
			time += ms;
		},
		notice: () => store.getState().notice?.text,
		question() {
			const {dialog} = store.getState();
			return dialog?.kind === 'confirm' ? dialog : undefined;
		},
		choose(key: string) {
			const {dialog} = store.getState();
			store.setState({dialog: undefined});
			const choices = dialog?.kind === 'confirm' ? dialog.choices : [];
			choices.find(choice => choice.key === key)?.act();
		},
	};
}

function liveRun(id = 'r1'): LiteralRun {
	return literalRun({id, past: planning()});
}

function endedRun(): LiteralRun {
	return literalRun({past: [...planning(), {type: 'run-finished', report: sampleReport}]});
}

async function settle(): Promise<void> {
	for (let round = 0; round < 10; round++) {
		await Promise.resolve();
	}
}

describe('q', () => {
	test('on a run of another process just closes it', () => {
		const run = liveRun();
		const home = leavingOf({shown: {kind: 'attached', run}});
		home.leave();
		expect(home.done).toEqual(['home']);
		const alone = leavingOf({shown: {kind: 'attached', run}, hasHome: false});
		alone.leave();
		expect(alone.done).toEqual(['exit']);
	});

	test('on a run of this process that has ended just closes it', () => {
		const run = endedRun();
		const leaving = leavingOf({shown: {kind: 'own', run}, own: [run], hasHome: false});
		leaving.leave();
		expect(leaving.done).toEqual(['exit']);
	});

	test('on a run of this process that goes on asks, and stays where the answer is no', () => {
		const run = liveRun();
		const leaving = leavingOf({shown: {kind: 'own', run}, own: [run], hasHome: false});
		leaving.leave();
		expect(leaving.question()?.choices.map(({key}) => key)).toEqual(['s', 'Esc']);
		leaving.choose('Esc');
		expect(leaving.done).toEqual([]);
		expect(run.stopped).toEqual([]);
	});

	test('can go home while the run goes on', () => {
		const run = liveRun();
		const leaving = leavingOf({shown: {kind: 'own', run}, own: [run]});
		leaving.leave();
		leaving.choose('h');
		expect(leaving.done).toEqual(['home']);
		expect(run.stopped).toEqual([]);
	});

	test('stops the run so that it can be resumed, and leaves when it has stopped', async () => {
		const run = liveRun();
		const leaving = leavingOf({shown: {kind: 'own', run}, own: [run]});
		leaving.leave();
		leaving.choose('s');
		expect(run.stopped).toEqual(['interrupted: stopped by quitting']);
		expect(leaving.notice()).toContain('Stopping');
		await settle();
		expect(leaving.done).toEqual([]);
		run.end();
		await settle();
		expect(leaving.done).toEqual(['exit']);
	});

	test('on the home screen leaves, and asks where runs of this process go on', () => {
		const calm = leavingOf({own: [endedRun()]});
		calm.leave();
		expect(calm.done).toEqual(['exit']);
		const busy = leavingOf({own: [liveRun('r1'), liveRun('r2'), endedRun()]});
		busy.leave();
		expect(busy.done).toEqual([]);
		expect(busy.question()?.title).toBe('Quit while 2 runs are still running?');
		expect(busy.question()?.choices.map(({key}) => key)).toEqual(['s', 'Esc']);
	});

	test('stops all runs that go on', async () => {
		const [first, second, over] = [liveRun('r1'), liveRun('r2'), endedRun()];
		const leaving = leavingOf({own: [first, second, over]});
		leaving.leave();
		leaving.choose('s');
		first.end();
		await settle();
		expect(leaving.done).toEqual([]);
		second.end();
		await settle();
		expect(leaving.done).toEqual(['exit']);
		expect(over.stopped).toEqual([]);
	});
});

describe('Ctrl+C', () => {
	test('stops and leaves only when it comes twice within a short time', () => {
		const run = liveRun();
		const leaving = leavingOf({shown: {kind: 'own', run}, own: [run]});
		leaving.interrupt();
		expect(leaving.notice()).toBe('Press Ctrl+C again to stop the run (resumable) and quit.');
		leaving.pass(2_001);
		leaving.interrupt();
		expect(run.stopped).toEqual([]);
		leaving.pass(1_999);
		leaving.interrupt();
		expect(run.stopped).toEqual(['interrupted: stopped by Ctrl+C']);
		expect(leaving.done).toEqual([]);
	});

	test('a third time ends the program at once, whatever still has to end', () => {
		const run = liveRun();
		const leaving = leavingOf({shown: {kind: 'own', run}, own: [run]});
		leaving.interrupt();
		leaving.interrupt();
		expect(leaving.done).toEqual([]);
		leaving.interrupt();
		expect(leaving.done).toEqual(['abandon']);
		expect(run.stopped).toHaveLength(1);
	});

	test('twice where nothing goes on leaves', () => {
		const leaving = leavingOf({shown: {kind: 'attached', run: liveRun()}});
		leaving.interrupt();
		expect(leaving.notice()).toBe('Press Ctrl+C again to quit.');
		leaving.interrupt();
		expect(leaving.done).toEqual(['exit']);
	});
});
