import {systemClock} from '../compose/clock.ts';
import {applyEvent} from '../core/fold.ts';
import type {RunEvent} from '../core/run-event.ts';
import {lockedExitCode} from '../core/run-report.ts';
import {emptyRunState, type RunState} from '../core/run-state.ts';
import type {Run} from '../core/run.ts';
import {abortable} from '../core/abortable.ts';
import {UsageError} from '../core/usage-error.ts';
import {readPlanTexts, resolveIn} from '../engine/log/fold-log.ts';
import {createTimeOrder, type TimedPiece} from '../panes/time-order.ts';
import {createAgentReporter} from '../reporters/agent.ts';
import {createInlineReporter} from '../reporters/inline.ts';
import type {Reporter} from '../reporters/reporter.ts';
import type {Store} from '../store/store.ts';
import type {Command} from './argv/command.ts';
import {closingLine} from './show/show-in-lines.ts';
import {textFlag} from './argv/flags.ts';
import type {Io} from './process/io.ts';
import {openStore} from './services/open-store.ts';
import {createRunCatalog} from './services/run-catalog.ts';

export const watchCommand: Command = {
	name: 'watch',
	flags: {agent: {type: 'string'}},
	words: {min: 1, max: 1},
	async run({words: [reference = ''], flags}, io) {
		const {store} = await openStore(io);
		const catalog = createRunCatalog(store);
		const id = await catalog.resolve(reference);
		const stop = new AbortController();
		const stopSignals = io.onSignal(() => {
			stop.abort();
		});
		try {
			const run = await catalog.open(id, stop.signal);
			return await watchRun(run, {store, agent: textFlag(flags, 'agent')}, io, stop.signal);
		} finally {
			stop.abort();
			stopSignals();
		}
	},
};

/** How a run of another process is watched; `agent`: only what this one says and does. */
export type Attachment = {readonly store: Store; readonly agent?: string | undefined};

/**
 * Prints what happens in a run, line by line, from its beginning to its end, or of one agent all that
 * it says and does. Only looks: to stop it stops nothing else. Returns the exit code of the run; when
 * it has no end and no process works on it, says so.
 *
 * @param attachment absent for a run of this process
 */
export async function watchRun(
	run: Run,
	attachment: Attachment | undefined,
	io: Io,
	signal: AbortSignal,
): Promise<number> {
	const agent = attachment?.agent;
	requireAgent(agent, run.state());
	const unread = Promise.withResolvers<'unread'>();
	const output = io.openOutput(() => {
		unread.resolve('unread');
	});
	const {paint, columns} = io;
	const reporter =
		agent === undefined
			? createInlineReporter(output, paint, columns)
			: createAgentReporter(output, {agent, paint, columns});
	const tellRest =
		attachment === undefined || agent === undefined
			? await tellEvents(run, reporter)
			: await tellAgent(run, agent, attachment.store, reporter, signal);
	const abandoned = attachment ? [whenAbandoned(run, attachment.store, signal)] : [];
	const end = await abortable(Promise.race([run.done, unread.promise, ...abandoned]), signal).catch(
		(error: unknown) => {
			if (signal.aborted) {
				return 'unread' as const;
			}

			throw error;
		},
	);
	switch (end) {
		case 'unread':
			return 0;
		case 'abandoned':
			await tellRest();
			await output.flush();
			io.complain(`no process works on this run any more → llm-orchestrator resume ${run.id}`);
			return lockedExitCode;
		default:
			await tellRest();
			await reporter.end(end, run.state());
			io.complain(closingLine(end, run.id));
			return end.exitCode;
	}
}

/** Tells what happened and what happens. Returns what tells the rest at the end. */
async function tellEvents(run: Run, reporter: Reporter): Promise<() => Promise<void>> {
	const {start, stateAfter} = await openEvents(run);
	start(event => {
		reporter.event(event, stateAfter(event));
	});
	return async () => undefined;
}

/** How long events and text wait for what happened before them and comes later, ms. */
const holdMs = 150;

/** The same with what an agent says in between. */
async function tellAgent(
	run: Run,
	agent: string,
	store: Store,
	reporter: Reporter,
	signal: AbortSignal,
): Promise<() => Promise<void>> {
	const order = createTimeOrder();
	const lines = store.followTranscript(run.id, agent, signal)[Symbol.asyncIterator]();
	const first = lines.next();
	const past = await store.readTranscript(run.id, agent);
	past.forEach(order.said);
	const {start, stateAfter} = await openEvents(run);
	start(order.event);
	// What is new begins where the past was looked for: what it holds comes twice.
	const last = past.at(-1)?.time ?? '';
	const follow = async () => {
		for (let next = await first; next.done !== true; next = await lines.next()) {
			if (next.value.time > last) {
				order.said(next.value);
			}
		}
	};
	// Live text may be lost; how the run goes is told by its events.
	follow().catch(() => undefined);
	const tell = (pieces: readonly TimedPiece[]) => {
		for (const piece of pieces) {
			if ('event' in piece) {
				reporter.event(piece.event, stateAfter(piece.event));
			} else {
				const {kind, text} = piece.said;
				reporter.delta({agent, kind, text});
			}
		}
	};
	const timer = setInterval(() => {
		tell(order.take());
	}, holdMs);
	signal.addEventListener('abort', () => clearInterval(timer), {once: true});
	return async () => {
		await systemClock.sleep(2 * holdMs, signal).catch(() => undefined);
		clearInterval(timer);
		tell(order.takeAll());
	};
}

type Events = {
	/** Gives each event once: those of the past, then each new one. */
	start(hear: (event: RunEvent) => void): void;
	/** The state after an event; to be asked for each of them, in their order. */
	stateAfter(event: RunEvent): RunState;
};

async function openEvents(run: Run): Promise<Events> {
	const waiting: RunEvent[] = [];
	let hearNew = (event: RunEvent) => {
		waiting.push(event);
	};
	run.subscribe(event => {
		hearNew(event);
	});
	const past = await run.history();
	const texts = await readPlanTexts(past, async blob => run.read({blob, bytes: 0}));
	const state = emptyRunState();
	const last = past.at(-1)?.seq ?? 0;
	return {
		start(hear) {
			past.forEach(hear);
			waiting.filter(({seq}) => seq > last).forEach(hear);
			hearNew = hear;
		},
		stateAfter: event =>
			event.seq > last ? run.state() : applyEvent(state, event, resolveIn(texts)),
	};
}

/** How often a run without an end is asked for its owner, ms. */
const ownerMs = 5_000;

/** Resolves when no process works on a run any more that has no closing line. */
async function whenAbandoned(run: Run, store: Store, signal: AbortSignal): Promise<'abandoned'> {
	for (;;) {
		const owner = await store.owner(run.id);
		const {seq, report} = run.state();
		if (!owner && !report && (await store.read(run.id, seq)).events.length === 0) {
			return 'abandoned';
		}

		await systemClock.sleep(ownerMs, signal);
	}
}

function requireAgent(agent: string | undefined, {team}: RunState): void {
	const names = team ? [team.lead.name, ...team.teammates.map(({name}) => name)] : [];
	if (agent !== undefined && !names.includes(agent)) {
		throw new UsageError(`nobody is called "${agent}"`, `there are: ${names.join(', ')}`);
	}
}
