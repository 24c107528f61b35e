import {createChangeSignal} from '../change-signal.ts';
import {createProcessIdentity, processOwner, type ProcessIdentity} from '../file/identity.ts';
import {createCommandIds} from '../file/inbox.ts';
import {openMemoryLog, redactedEvent, type MemoryRun} from './run-log.ts';
import type {Redact} from '../../core/redact.ts';
import {redactedStart} from '../redacted-start.ts';
import {checkedRunName} from '../run-name.ts';
import {StoreError} from '../../core/store-error.ts';
import {RunHeldError, type RunLog, type Store} from '../store.ts';

/** Runs that live as long as the store: for tests and throwaway runs. */
export function createMemoryStore({
	redact,
	identity = createProcessIdentity(),
	now = Date.now,
}: {
	readonly redact: Redact;
	/** Owner of the runs that this store opens. Default: this process. */
	readonly identity?: Pick<ProcessIdentity, 'self'>;
	/** Wall clock, ms since 1970. */
	readonly now?: () => number;
}): Store {
	const runs = new Map<string, MemoryRun>();
	const nextCommandId = createCommandIds(now);
	const closing = new AbortController();
	const openLogs = new Set<RunLog>();
	const owner = () => processOwner(identity.self());
	const untilClosed = (signal: AbortSignal) => AbortSignal.any([signal, closing.signal]);

	function find(run: string): MemoryRun {
		closing.signal.throwIfAborted();
		const found = runs.get(checkedRunName(run));
		if (!found) {
			throw new StoreError('missing', `unknown run ${run} in this process`);
		}
		return found;
	}

	function openLog(memory: MemoryRun): RunLog {
		const log = openMemoryLog(memory, {redact, now, changed: () => report(memory)});
		openLogs.add(log);
		return log;
	}

	function report(memory: MemoryRun): void {
		memory.changedAt = now();
		for (const listener of memory.listeners) {
			listener();
		}
	}

	return {
		addressOf: run => `memory:${checkedRunName(run)}`,
		async create(given, texts) {
			closing.signal.throwIfAborted();
			const run = checkedRunName(given.run);
			if (runs.has(run)) {
				throw new StoreError('io', `a run named ${run} already exists`);
			}
			const {first, blobs} = redactedStart(given, texts, redact);
			const memory: MemoryRun = {
				run,
				events: [redactedEvent(first, redact)],
				blobs: new Map(blobs),
				inbox: new Map(),
				transcripts: new Map(),
				readers: new Set(),
				listeners: new Set(),
				epoch: 1,
				index: undefined,
				held: true,
				changedAt: now(),
			};
			runs.set(run, memory);
			return openLog(memory);
		},
		async open(run) {
			const memory = find(run);
			if (memory.held) {
				throw new RunHeldError(run, owner(), false);
			}
			memory.epoch += 1;
			return {log: openLog(memory), events: [...memory.events]};
		},
		read: async (run, after = 0) => ({events: find(run).events.slice(after), torn: false}),
		readBlob: async (run, hash) => find(run).blobs.get(hash),
		follow: (run, after, signal) => followMemory(() => find(run), after, untilClosed(signal)),
		readTranscript: async (run, agent) => [...(find(run).transcripts.get(agent) ?? [])],
		followTranscript: (run, agent, signal) =>
			followTranscript(() => find(run), agent, untilClosed(signal)),
		async post(run, command) {
			const memory = find(run);
			const id = nextCommandId();
			memory.inbox.set(id, structuredClone(command));
			report(memory);
			return id;
		},
		owner: async run => (find(run).held ? owner() : undefined),
		list: async () =>
			[...runs.values()]
				.map(({run, changedAt, events}) => ({run, changedAt, version: `${events.length}`}))
				.sort((a, b) => b.changedAt - a.changedAt),
		readIndex: async run => find(run).index,
		async writeIndex(run, entry) {
			find(run).index = structuredClone(entry);
		},
		async close() {
			closing.abort(new Error('the store is closed'));
			await Promise.all([...openLogs].map(log => log.close()));
		},
	};
}

async function* followTranscript(find: () => MemoryRun, agent: string, signal: AbortSignal) {
	const {transcripts, readers} = find();
	const changes = createChangeSignal(signal);
	let next = transcripts.get(agent)?.length ?? 0;
	readers.add(changes.report);
	try {
		while (!signal.aborted) {
			const line = transcripts.get(agent)?.[next];
			if (line) {
				next += 1;
				yield line;
			} else {
				await changes.next();
			}
		}
	} finally {
		readers.delete(changes.report);
	}
}

async function* followMemory(find: () => MemoryRun, after: number, signal: AbortSignal) {
	const {events, listeners} = find();
	const changes = createChangeSignal(signal);
	listeners.add(changes.report);
	try {
		for (let next = after; !signal.aborted;) {
			const event = events[next];
			if (event) {
				next += 1;
				yield event;
			} else {
				await changes.next();
			}
		}
	} finally {
		listeners.delete(changes.report);
	}
}
