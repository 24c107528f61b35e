import type {SteeringCommand} from '../../core/steering-command.ts';
import {type RunEvent, runEventSchema} from '../../core/run-event.ts';
import {blobName} from '../../core/payload.ts';
import type {Redact} from '../../core/redact.ts';
import type {TranscriptLine} from '../../core/run.ts';
import {redactedJson} from '../redacted-json.ts';
import type {IndexEntry, RunLog} from '../store.ts';

/** A run in memory. */
export type MemoryRun = {
	readonly run: string;
	readonly events: RunEvent[];
	readonly blobs: Map<string, string>;
	readonly inbox: Map<string, SteeringCommand>;
	/** Transcripts by agent. */
	readonly transcripts: Map<string, TranscriptLine[]>;
	/** Called for new transcript lines. */
	readonly readers: Set<() => void>;
	/** Called after every change. */
	readonly listeners: Set<() => void>;
	epoch: number;
	index: IndexEntry | undefined;
	held: boolean;
	changedAt: number;
};

/** Opens the log of a run in memory for a new owner. */
export function openMemoryLog(
	memory: MemoryRun,
	options: {
		readonly redact: Redact;
		readonly changed: () => void;
		readonly now: () => number;
	},
): RunLog {
	const {run, epoch} = memory;
	const neverLost = new AbortController().signal;
	let open = true;
	memory.held = true;

	function checkOpen(): void {
		if (!open) {
			throw new Error(`run ${run} is closed`);
		}
	}

	function checkSequence(event: RunEvent): void {
		const last = memory.events.length;
		if (event.seq === last + 1 && event.run === run && event.epoch === epoch) {
			return;
		}
		throw new Error(
			`event ${event.seq} of run ${event.run} cannot follow event ${last} of run ${run}`,
		);
	}

	return {
		run,
		epoch,
		append(event) {
			checkOpen();
			checkSequence(event);
			memory.events.push(redactedEvent(event, options.redact));
			options.changed();
		},
		async barrier() {
			checkOpen();
		},
		putBlob(text) {
			checkOpen();
			const kept = options.redact(text);
			memory.blobs.set(blobName(kept), kept);
			return blobName(kept);
		},
		readBlob: async hash => memory.blobs.get(hash),
		transcribe(agent, kind, text) {
			if (!open) {
				return;
			}
			const time = new Date(options.now()).toISOString();
			const line = {time, kind, text: options.redact(text)};
			const lines = memory.transcripts.get(agent);
			if (lines) {
				lines.push(line);
			} else {
				memory.transcripts.set(agent, [line]);
			}
			for (const reader of memory.readers) {
				reader();
			}
		},
		readTranscript: async agent => [...(memory.transcripts.get(agent) ?? [])],
		inbox: {
			take: async () => [...memory.inbox].map(([id, command]) => ({id, command})),
			async remove(id) {
				memory.inbox.delete(id);
			},
			watch(wake, signal) {
				if (signal.aborted) {
					return;
				}
				memory.listeners.add(wake);
				const first = setImmediate(wake);
				signal.addEventListener(
					'abort',
					() => {
						clearImmediate(first);
						memory.listeners.delete(wake);
					},
					{once: true},
				);
			},
		},
		lost: neverLost,
		async close() {
			if (open) {
				memory.held = false;
			}
			open = false;
		},
	};
}

/** A redacted copy. */
export function redactedEvent(event: RunEvent, redact: Redact): RunEvent {
	return runEventSchema.parse(JSON.parse(redactedJson(event, redact)));
}
