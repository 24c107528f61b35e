import type {Clock} from '../../core/clock.ts';
import {applyEvent} from '../../core/fold.ts';
import {readText} from '../../core/payload.ts';
import type {RunEvent} from '../../core/run-event.ts';
import type {RunReport} from '../../core/run-report.ts';
import type {AgentDelta, Replay, RunListener, TranscriptLine} from '../../core/run.ts';
import {agentNames, emptyRunState, type RunState} from '../../core/run-state.ts';
import type {Store} from '../../store/store.ts';
import {planResolver} from '../log/fold-log.ts';
import {createPlaybackClock} from './playback-clock.ts';
import {createRecording} from './recording.ts';
import {createReport} from '../report.ts';

/** Longest gap between two pieces, in ms of recorded time. */
const maxGapMs = 2_000;

/** Pieces played before yielding to the event loop. */
const burstSize = 200;

/**
 * Replays a recorded run, starting after its first event: events and transcripts in their recorded order
 * and timing, with gaps of at most 2 s. `done` resolves when the end has been played. Stops when aborted.
 */
export async function replayRun(
	store: Store,
	run: string,
	{
		clock,
		signal,
		speed,
	}: {readonly clock: Clock; readonly signal: AbortSignal; readonly speed: number},
): Promise<Replay> {
	const {events} = await store.read(run);
	const resolve = await planResolver(events, async hash => store.readBlob(run, hash));
	const fold = (state: RunState, until: number): RunState => {
		for (const event of events.slice(state.seq, until)) {
			applyEvent(state, event, resolve);
		}

		return state;
	};

	let state = fold(emptyRunState(), 1);
	const transcripts = await readTranscripts(store, run, agentNames(state));
	const recording = createRecording(events, transcripts);
	const pace = createPlaybackClock(clock, speed, signal);
	const listeners = new Set<RunListener>();
	const watchers = new Set<(delta: AgentDelta) => void>();
	const resetters = new Set<(past: readonly RunEvent[]) => void>();
	const closing = Promise.withResolvers<RunReport>();
	let here = timeOf(events[0]);

	/** Recorded time until the next piece, in ms. */
	const gap = (): number => {
		const next = recording.nextTime();
		if (next === undefined) {
			closing.resolve(state.report ?? cutOffReport(state));
			return Number.POSITIVE_INFINITY;
		}

		return Math.min(Math.max(0, next - here), maxGapMs);
	};

	const playNext = () => {
		here = recording.nextTime() ?? here;
		const piece = recording.take();
		if (piece?.kind === 'event') {
			applyEvent(state, piece.event, resolve);
			for (const listener of listeners) {
				listener(piece.event, state);
			}
		} else if (piece) {
			for (const watcher of watchers) {
				watcher(piece.delta);
			}
		}
	};

	const play = async () => {
		pace.restart(gap());
		for (let played = 1; ; played++) {
			if (played % burstSize === 0) {
				await clock.sleep(0, signal);
			}

			if (await pace.wait()) {
				playNext();
				pace.next(gap());
			}
		}
	};
	play().catch((error: unknown) => {
		closing.reject(error);
	});
	closing.promise.catch(() => undefined);

	return {
		id: run,
		state: () => state,
		subscribe: listener => addListener(listeners, listener),
		watch: watcher => addListener(watchers, watcher),
		onReset: resetter => addListener(resetters, resetter),
		send: async () => ({kind: 'refused', reason: 'this is a replay'}),
		events: async (after = 0) => events.slice(after, recording.seq()),
		transcript: async agent => recording.said(agent),
		read: async payload => readText(payload, async hash => store.readBlob(run, hash)),
		done: closing.promise,
		controls: {
			pause: pace.pause,
			unpause: pace.unpause,
			setSpeed: pace.setSpeed,
			position: () => ({
				seq: recording.seq(),
				last: events.length,
				speed: pace.speed,
				paused: pace.paused,
			}),
			async jump(wanted) {
				const seq = Math.min(Math.max(1, Math.round(wanted)), events.length);
				state = fold(seq < state.seq ? emptyRunState() : state, seq);
				recording.moveTo(seq);
				here = timeOf(events[seq - 1]);
				pace.restart(gap());
				for (const resetter of resetters) {
					resetter(events.slice(0, seq));
				}
			},
		},
	};
}

async function readTranscripts(
	store: Store,
	run: string,
	agents: readonly string[],
): Promise<ReadonlyMap<string, readonly TranscriptLine[]>> {
	const transcripts = new Map<string, readonly TranscriptLine[]>();
	for (const agent of agents) {
		transcripts.set(agent, await store.readTranscript(run, agent));
	}

	return transcripts;
}

function timeOf(event: RunEvent | undefined): number {
	return event ? Date.parse(event.time) : 0;
}

/** The report of a recording without an end: its process was killed or is still running. */
function cutOffReport(state: RunState): RunReport {
	return createReport(state, {outcome: 'interrupted', message: 'the recording ends here'});
}

function addListener<Item>(items: Set<Item>, item: Item): () => void {
	items.add(item);
	return () => items.delete(item);
}
