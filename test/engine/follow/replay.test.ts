import {expect, test} from 'vitest';
import {applyEvent} from '../../../source/core/fold.ts';
import type {RunEvent, RunEventBody} from '../../../source/core/run-event.ts';
import type {Replay, TranscriptLine} from '../../../source/core/run.ts';
import {emptyRunState, type RunState} from '../../../source/core/run-state.ts';
import {replayRun} from '../../../source/engine/follow/replay.ts';
import {createMemoryStore} from '../../../source/store/memory/store.ts';
import type {Store} from '../../../source/store/store.ts';
import {everyEvent, sampleReport} from '../../core/every-event.ts';
import {createFakeClock, type FakeClock} from '../../helpers/fake-clock.ts';

const run = 'r1';
const start = Date.UTC(2026, 10, 22, 10);
const [started] = everyEvent;

type Recorded =
	| readonly [ms: number, body: RunEventBody]
	| readonly [ms: number, agent: string, kind: TranscriptLine['kind'], text: string];

const planned: readonly Recorded[] = [
	[1_000, {type: 'planning-started', revision: 1}],
	[1_200, 'lead', 'thinking', 'hm'],
	[1_700, 'lead', 'text', 'a plan'],
	[1_700, {type: 'run-paused', reason: 'by you'}],
	[61_700, {type: 'run-unpaused'}],
	[61_700, 'lead', 'text', 'more'],
	[62_000, {type: 'run-finished', report: sampleReport}],
];

async function record(pieces: readonly Recorded[]): Promise<{store: Store; events: RunEvent[]}> {
	let now = start;
	const store = createMemoryStore({redact: text => text, now: () => now});
	if (started?.type !== 'run-started') {
		throw new Error('no start');
	}

	const events: RunEvent[] = [{...started, time: new Date(start).toISOString()}];
	const log = await store.create(events[0] ?? started, []);
	for (const piece of pieces) {
		now = start + piece[0];
		if (piece.length === 4) {
			log.transcribe(piece[1], piece[2], piece[3]);
		} else {
			const seq = events.length + 1;
			const time = new Date(now).toISOString();
			const event: RunEvent = {v: 1, seq, time, run, epoch: 1, ...piece[1]};
			events.push(event);
			log.append(event);
		}
	}

	await log.close();
	return {store, events};
}

async function replay(pieces: readonly Recorded[], speed = 1) {
	const {store, events} = await record(pieces);
	const clock = createFakeClock();
	const stop = new AbortController();
	const played = await replayRun(store, run, {clock, signal: stop.signal, speed});
	return {played, clock, stop, events, told: listen(played, clock)};
}

/** What is told, each with the time at which it is. */
function listen(played: Replay, clock: FakeClock): string[] {
	const told: string[] = [];
	played.subscribe((event, state) => {
		expect(state.seq).toBe(event.seq);
		told.push(`${clock.monotonic()} ${event.type}`);
	});
	played.watch(({agent, kind, text}) => {
		told.push(`${clock.monotonic()} ${agent} ${kind} ${text}`);
	});
	played.onReset(past => {
		told.push(`${clock.monotonic()} reset to ${past.length}`);
	});
	return told;
}

function foldOf(events: readonly RunEvent[]): RunState {
	return events.reduce((state, event) => applyEvent(state, event), emptyRunState());
}

test('a run is played again in its order and its time, but no pause is longer than 2 s', async () => {
	const {played, clock, told, events} = await replay(planned);
	expect(played.state()).toEqual(foldOf(events.slice(0, 1)));
	expect(played.controls.position()).toEqual({seq: 1, last: 5, speed: 1, paused: false});
	await clock.advance(999);
	expect(told).toEqual([]);
	await clock.advance(10_000);
	expect(told).toEqual([
		'1000 planning-started',
		'1200 lead thinking hm',
		'1700 run-paused',
		'1700 lead text a plan',
		'3700 run-unpaused',
		'3700 lead text more',
		'4000 run-finished',
	]);
	expect(played.state()).toEqual(foldOf(events));
	expect(await played.done).toEqual(sampleReport);
});

test.each([
	[2, 2_000],
	[8, 500],
	[0.5, 8_000],
])('at speed %d it takes %d ms', async (speed, ms) => {
	const {played, clock, told} = await replay(planned, speed);
	await clock.advance(ms - 1);
	expect(told).toHaveLength(6);
	await clock.advance(1);
	expect(told).toHaveLength(7);
	await expect(played.done).resolves.toMatchObject({outcome: 'failed'});
});

test('it can be paused, and goes on with what was left of the time', async () => {
	const {played, clock, told} = await replay(planned);
	await clock.advance(400);
	played.controls.pause();
	expect(played.controls.position().paused).toBe(true);
	await clock.advance(60_000);
	expect(told).toEqual([]);
	played.controls.unpause();
	await clock.advance(599);
	expect(told).toEqual([]);
	await clock.advance(1);
	expect(told).toEqual(['61000 planning-started']);
});

test('its speed can be changed in the middle of a pause of the recording', async () => {
	const {played, clock, told} = await replay(planned);
	await clock.advance(600);
	played.controls.setSpeed(4);
	expect(played.controls.position().speed).toBe(4);
	await clock.advance(99);
	expect(told).toEqual([]);
	await clock.advance(51);
	expect(told).toEqual(['700 planning-started', '750 lead thinking hm']);
});

test('it can jump on and back: the state is that of the place, and it plays on from there', async () => {
	const {played, clock, told, events} = await replay(planned);
	await clock.advance(1_500);
	told.length = 0;
	await played.controls.jump(4);
	expect(played.state()).toEqual(foldOf(events.slice(0, 4)));
	expect(played.controls.position().seq).toBe(4);
	expect(await played.events()).toEqual(events.slice(0, 4));
	expect((await played.transcript('lead')).map(({text}) => text)).toEqual(['hm', 'a plan', 'more']);
	await clock.advance(300);
	expect(told).toEqual(['1500 reset to 4', '1800 run-finished']);
	await played.done;

	told.length = 0;
	await played.controls.jump(2);
	expect(played.state()).toEqual(foldOf(events.slice(0, 2)));
	expect(await played.transcript('lead')).toEqual([]);
	await clock.advance(700);
	expect(told).toEqual([
		'1800 reset to 2',
		'2000 lead thinking hm',
		'2500 run-paused',
		'2500 lead text a plan',
	]);
	expect((await played.transcript('lead')).map(({text}) => text)).toEqual(['hm', 'a plan']);
	expect(await played.transcript('nobody')).toEqual([]);
});

test('it can jump while it is paused, and no further than there is', async () => {
	const {played, clock, told, events} = await replay(planned);
	played.controls.pause();
	await played.controls.jump(3);
	await clock.advance(10_000);
	expect(told).toEqual(['0 reset to 3']);
	await played.controls.jump(-7);
	expect(played.state()).toEqual(foldOf(events.slice(0, 1)));
	await played.controls.jump(99);
	expect(played.state()).toEqual(foldOf(events));
	expect(await played.done).toEqual(sampleReport);
	played.controls.unpause();
	await clock.advance(10_000);
	expect(told).toHaveLength(3);
});

test('a log without a closing line has an end all the same', async () => {
	const {played, clock} = await replay(planned.slice(0, 2));
	await clock.advance(2_000);
	expect(await played.done).toMatchObject({
		outcome: 'interrupted',
		reason: 'the recording ends here',
	});
});

test('nothing can be asked of a replay', async () => {
	const {played, events} = await replay(planned);
	expect(await played.send({type: 'pause'})).toEqual({
		kind: 'refused',
		reason: 'this is a replay',
	});
	expect(played.state()).toEqual(foldOf(events.slice(0, 1)));
	expect(await played.read('text')).toBe('text');
	expect(await played.read({blob: 'ab'.repeat(32), bytes: 1})).toContain('missing');
});

test('it ends when it is aborted, and tells nothing more', async () => {
	const {played, clock, stop, told} = await replay(planned);
	await clock.advance(1_000);
	stop.abort(new Error('enough'));
	await expect(played.done).rejects.toThrow('enough');
	await clock.advance(10_000);
	expect(told).toHaveLength(1);
});

test('who leaves hears nothing more', async () => {
	const {played, clock} = await replay(planned);
	const heard: string[] = [];
	const leave = [
		played.subscribe(({type}) => heard.push(type)),
		played.watch(({text}) => heard.push(text)),
		played.onReset(() => heard.push('reset')),
	];
	for (const stop of leave) {
		stop();
	}

	await played.controls.jump(2);
	await clock.advance(10_000);
	expect(heard).toEqual([]);
});

test('a machine that slept does not hurry through the rest', async () => {
	const every = Array.from({length: 20}, (_, index): Recorded => [
		100 * (index + 1),
		{type: 'planning-started', revision: index},
	]);
	const {clock, told} = await replay(every);
	await clock.advance(100);
	clock.lose(1_000);
	await clock.advance(0);
	// One that was due, and two more in the quarter of a second that is made up for.
	expect(told).toHaveLength(4);
	await clock.advance(50);
	expect(told).toHaveLength(5);
});

test('many events in one moment let others have a turn', async () => {
	const many = Array.from({length: 1_000}, (_, index): Recorded => [
		10,
		{type: 'planning-started', revision: index},
	]);
	const {clock, told} = await replay(many);
	const turns: number[] = [];
	const look = () => {
		turns.push(told.length);
		if (told.length < 1_000) {
			setImmediate(look);
		}
	};
	look();
	await clock.advance(10);
	expect(told).toHaveLength(1_000);
	expect(Math.max(...turns.map((count, index) => count - (turns[index - 1] ?? 0)))).toBeLessThan(
		300,
	);
});
