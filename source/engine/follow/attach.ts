import {payloadResolver} from '../log/fold-log.ts';
import type {SteeringCommand} from '../../core/steering-command.ts';
import type {Clock} from '../../core/clock.ts';
import {applyEvent} from '../../core/fold.ts';
import {readText} from '../../core/payload.ts';
import type {RunEvent} from '../../core/run-event.ts';
import type {RunReport} from '../../core/run-report.ts';
import type {Receipt, Run, RunListener} from '../../core/run.ts';
import {agentNames, emptyRunState, type RunState} from '../../core/run-state.ts';
import type {Store} from '../../store/store.ts';
import {watchTranscripts} from './watch-transcripts.ts';

/** How long a sender waits for a receipt, in ms. */
const receiptTimeoutMs = 5_000;

/**
 * A handle to a run owned by another process: follows its log and writes to its inbox, until aborted.
 * `done` resolves with the report when the run ends.
 */
export async function attachRun(
	store: Store,
	run: string,
	{clock, signal}: {readonly clock: Clock; readonly signal: AbortSignal},
): Promise<Run> {
	const state = emptyRunState();
	const texts = new Map<string, string>();
	const resolve = payloadResolver(texts);
	const take = async (event: RunEvent) => {
		if (event.type === 'plan-proposed' && typeof event.plan !== 'string') {
			texts.set(event.plan.blob, (await store.readBlob(run, event.plan.blob)) ?? '');
		}

		applyEvent(state, event, resolve);
	};

	for (const event of (await store.read(run)).events) {
		await take(event);
	}

	const listeners = new Set<RunListener>();
	const closing = Promise.withResolvers<RunReport>();
	if (state.report) {
		closing.resolve(state.report);
	}

	const follow = async () => {
		for await (const event of store.follow(run, state.seq, signal)) {
			await take(event);
			for (const listener of listeners) {
				listener(event, state);
			}

			if (event.type === 'run-finished' || event.type === 'run-stopped') {
				closing.resolve(event.report);
			}
		}
	};
	const following = follow();
	following.then(
		() => {
			closing.reject(signal.reason ?? new Error('the log ended without a report'));
		},
		(error: unknown) => {
			closing.reject(error);
		},
	);
	closing.promise.catch(() => undefined);

	return {
		id: run,
		state: () => state,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		watch: watchTranscripts(store, run, () => agentNames(state), signal),
		transcript: async agent => store.readTranscript(run, agent),
		async send(command: SteeringCommand): Promise<Receipt> {
			const refusals = new Map<string, string>();
			const collect = (event: RunEvent) => {
				if (event.type === 'inbox-refused') {
					refusals.set(event.file, event.problem);
				}
			};
			listeners.add(collect);
			try {
				const id = await store.post(run, command);
				const reason = refusals.get(id);
				return reason === undefined
					? await waitForReceipt(id, listeners, state, clock)
					: {kind: 'refused', reason};
			} finally {
				listeners.delete(collect);
			}
		},
		events: async after => (await store.read(run, after)).events,
		read: async payload => readText(payload, async hash => store.readBlob(run, hash)),
		done: closing.promise,
	};
}

async function waitForReceipt(
	id: string,
	listeners: Set<RunListener>,
	state: RunState,
	clock: Clock,
): Promise<Receipt> {
	const stop = new AbortController();
	const {promise, resolve} = Promise.withResolvers<Receipt>();
	const listener = (event: RunEvent) => {
		if (event.type === 'inbox-refused' && event.file === id) {
			resolve({kind: 'refused', reason: event.problem});
		} else if ('inbox' in event && event.inbox === id) {
			resolve({kind: 'taken'});
		}
	};

	listeners.add(listener);
	if (state.inboxSeen.has(id)) {
		resolve({kind: 'taken'});
	}

	clock.sleep(receiptTimeoutMs, stop.signal).then(
		() => {
			resolve({kind: 'queued'});
		},
		() => undefined,
	);
	try {
		return await promise;
	} finally {
		stop.abort();
		listeners.delete(listener);
	}
}
