import type {Clock} from '../../core/clock.ts';
import {applyEvent} from '../../core/fold.ts';
import type {Redact} from '../../core/redact.ts';
import type {RunEvent, RunEventBody} from '../../core/run-event.ts';
import {inlinePayloadBytes, type Payload} from '../../core/payload.ts';
import {emptyRunState, type RunState} from '../../core/run-state.ts';
import type {RunListener} from '../../core/run.ts';
import type {RunSettings} from '../../core/settings.ts';
import type {RunLog} from '../../store/store.ts';
import {readPlanTexts, payloadResolver} from './fold-log.ts';

/** The single writer of a log: numbers events, appends them, folds them, notifies listeners. */
export type Recorder = {
	readonly state: RunState;
	/** The current settings: those of the last invocation, with limits changed since. */
	settings(): RunSettings;
	readonly log: RunLog;
	readonly clock: Clock;
	emit(body: RunEventBody): void;
	barrier(): Promise<void>;
	/** Removes secrets. */
	redact(text: string): string;
	/** Redacts a text and stores it as a payload. */
	keep(text: string): Payload;
	/** Stores a redacted text as a blob, whatever its length. */
	keepBlob(text: string): Payload;
	/** A payload's text; `undefined` if its blob is missing or damaged. */
	read(payload: Payload): Promise<string | undefined>;
	subscribe(listener: RunListener): () => void;
};

/** @param events the existing log, folded first */
export async function createRecorder(options: {
	readonly log: RunLog;
	readonly clock: Clock;
	readonly redact: Redact;
	readonly events: readonly RunEvent[];
}): Promise<Recorder> {
	const {log, clock, redact} = options;
	const state = emptyRunState();
	const listeners = new Set<RunListener>();
	const texts = await readPlanTexts(options.events, async hash => log.readBlob(hash));
	const resolve = payloadResolver(texts);
	for (const event of options.events) {
		applyEvent(state, event, resolve);
	}

	const pending: RunEvent[] = [];
	let notifying = false;
	/** Every listener gets events in order, even if a listener emits more. */
	const notifyListeners = () => {
		if (notifying) {
			return;
		}

		notifying = true;
		try {
			for (let event = pending.shift(); event; event = pending.shift()) {
				for (const listener of listeners) {
					listener(event, state);
				}
			}
		} finally {
			notifying = false;
		}
	};

	const keepBlob = (text: string): Payload => ({
		blob: log.putBlob(text),
		bytes: Buffer.byteLength(text),
	});

	return {
		state,
		settings() {
			if (!state.settings) {
				throw new Error(`the log of ${log.run} does not begin with run-started`);
			}

			return state.settings;
		},
		log,
		clock,
		emit(body) {
			const event: RunEvent = {
				v: 1,
				seq: state.seq + 1,
				time: new Date(clock.now()).toISOString(),
				run: log.run,
				epoch: log.epoch,
				...body,
			};
			log.append(event);
			applyEvent(state, event, resolve);
			pending.push(event);
			notifyListeners();
		},
		barrier: async () => log.barrier(),
		redact,
		keep(text) {
			const redacted = redact(text);
			if (Buffer.byteLength(redacted) <= inlinePayloadBytes) {
				return redacted;
			}

			const payload = keepBlob(redacted);
			if (typeof payload !== 'string') {
				texts.set(payload.blob, redacted);
			}

			return payload;
		},
		keepBlob,
		read: async payload =>
			typeof payload === 'string'
				? payload
				: (texts.get(payload.blob) ?? log.readBlob(payload.blob)),
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
