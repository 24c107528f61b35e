import {systemClock} from '../compose/clock.ts';
import {applyEvent} from '../core/fold.ts';
import type {RunEvent} from '../core/run-event.ts';
import {lockedExitCode} from '../core/run-report.ts';
import {emptyRunState, type RunState} from '../core/run-state.ts';
import type {Run} from '../core/run.ts';
import {abortable} from '../core/abortable.ts';
import {UsageError} from '../core/usage-error.ts';
import {planResolver} from '../engine/log/fold-log.ts';
import {createTimeOrder, type TimedPiece} from '../panes/time-order.ts';
import {createAgentReporter} from '../reporters/agent.ts';
import {createInlineReporter} from '../reporters/inline.ts';
import type {Failure} from '../reporters/json.ts';
import type {Output, Reporter} from '../reporters/reporter.ts';
import type {Store} from '../store/store.ts';
import type {Command, FlagValues} from './argv/command.ts';
import {createJsonLines} from './views/json-lines.ts';
import {closingLine} from './views/show-in-lines.ts';
import {switchFlag, textFlag} from './argv/flags.ts';
import {requireJson} from './argv/ui-mode.ts';
import type {Io} from './process/io.ts';
import {openCheckedOutput} from './services/checked-output.ts';
import {openStore} from './services/open-store.ts';
import {createRunCatalog} from '../compose/run-catalog.ts';

export const watchCommand: Command = {
	name: 'watch',
	flags: {
		agent: {type: 'string'},
		json: {type: 'boolean'},
		includeDeltas: {type: 'boolean'},
		full: {type: 'boolean'},
	},
	words: {min: 1, max: 1},
	async run({words: [reference = ''], flags}, io) {
		const json = switchFlag(flags, 'json');
		const agent = textFlag(flags, 'agent');
		if (!json) {
			requireJson(flags);
		} else if (agent !== undefined) {
			throw new UsageError('--json and --agent cannot be combined', 'omit one of them');
		}

		const {store} = await openStore(io);
		const catalog = createRunCatalog(store);
		const id = await catalog.resolve(reference);
		const stop = new AbortController();
		const stopSignals = io.onSignal(() => {
			stop.abort();
		});
		try {
			const run = await catalog.open(id, stop.signal);
			return await watchRun(run, {store, agent, json: json ? flags : undefined}, io, stop.signal);
		} finally {
			stop.abort();
			stopSignals();
		}
	},
};

/** A run of another process. */
export type Attachment = {
	readonly store: Store;
	/** Report only this one. */
	readonly agent?: string | undefined;
	/** Print JSON Lines, with these flags. */
	readonly json?: FlagValues | undefined;
};

/**
 * Reports a run line by line, from its beginning to its end, or everything that one agent says and
 * does. Read-only: stopping it does not stop the run. Returns the exit code of the run; if the run
 * has no end and no process, reports that.
 *
 * @param attachment absent for a run of this process
 */
export async function watchRun(
	run: Run,
	attachment: Attachment | undefined,
	io: Io,
	signal: AbortSignal,
): Promise<number> {
	const {agent, json} = attachment ?? {};
	requireAgent(agent, run.state());
	const closed = Promise.withResolvers<'closed'>();
	const output = openCheckedOutput(io, {
		onClosed() {
			closed.resolve('closed');
		},
		forPeople: json === undefined,
	});
	const {reporter, fail} = reporterFor(run, attachment, output, io);
	const abandoned = {
		message: 'no process is running this run',
		hint: `llm-orchestrator resume ${run.id}`,
		exitCode: lockedExitCode,
	};
	const reportRest =
		attachment === undefined || agent === undefined
			? await reportEvents(run, reporter)
			: await reportAgent(run, agent, attachment.store, reporter, signal);
	const loss = attachment ? [whenAbandoned(run, attachment.store, signal)] : [];
	const end = await abortable(Promise.race([run.done, closed.promise, ...loss]), signal).catch(
		(error: unknown) => {
			if (signal.aborted) {
				return 'closed' as const;
			}

			throw error;
		},
	);
	switch (end) {
		case 'closed':
			output.requireWritten();
			return 0;
		case 'abandoned':
			await reportRest();
			await fail(abandoned);
			io.printError(`${abandoned.message} → ${abandoned.hint}`);
			return lockedExitCode;
		default:
			await reportRest();
			await reporter.end(end, run.state());
			io.printError(closingLine(end, run.id));
			return end.exitCode;
	}
}

type RunReporter = {
	readonly reporter: Reporter;
	/** Called instead of `end` if there is no report. */
	fail(failure: Failure): Promise<void>;
};

function reporterFor(
	run: Run,
	{agent, json, store}: Partial<Attachment> = {},
	output: Output,
	{paint, columns}: Io,
): RunReporter {
	if (json === undefined) {
		const reporter =
			agent === undefined
				? createInlineReporter(output, paint, columns)
				: createAgentReporter(output, {agent, paint, columns});
		return {reporter, fail: output.flush};
	}

	const reporter = createJsonLines(output, json, async hash => store?.readBlob(run.id, hash));
	if (switchFlag(json, 'includeDeltas')) {
		run.watch(reporter.delta);
	}

	return {reporter, fail: reporter.fail};
}

/** Reports past and new events. Returns a function that reports what is left at the end. */
async function reportEvents(run: Run, reporter: Reporter): Promise<() => Promise<void>> {
	const {start, stateAfter} = await openEvents(run);
	start(event => {
		reporter.event(event, stateAfter(event));
	});
	return async () => undefined;
}

/** How long events and text wait for earlier ones that arrive late, in ms. */
const reorderMs = 150;

/** Reports past and new events, interleaved with the text of an agent. */
async function reportAgent(
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
	// New lines may repeat the end of the past.
	const last = past.at(-1)?.time ?? '';
	const follow = async () => {
		for (let next = await first; next.done !== true; next = await lines.next()) {
			if (next.value.time > last) {
				order.said(next.value);
			}
		}
	};
	// Live text is optional; the events report the run.
	follow().catch(() => undefined);
	const report = (pieces: readonly TimedPiece[]) => {
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
		report(order.take());
	}, reorderMs);
	signal.addEventListener('abort', () => clearInterval(timer), {once: true});
	return async () => {
		await systemClock.sleep(2 * reorderMs, signal).catch(() => undefined);
		clearInterval(timer);
		report(order.takeAll());
	};
}

type Events = {
	/** Calls the listener once per event: past ones, then each new one. */
	start(listener: (event: RunEvent) => void): void;
	/** The state after an event; must be called for each event, in order. */
	stateAfter(event: RunEvent): RunState;
};

async function openEvents(run: Run): Promise<Events> {
	const waiting: RunEvent[] = [];
	let onNewEvent = (event: RunEvent) => {
		waiting.push(event);
	};
	run.subscribe(event => {
		onNewEvent(event);
	});
	const past = await run.events();
	const resolve = await planResolver(past, async blob => run.read({blob, bytes: 0}));
	const state = emptyRunState();
	const last = past.at(-1)?.seq ?? 0;
	return {
		start(listener) {
			past.forEach(listener);
			waiting.filter(({seq}) => seq > last).forEach(listener);
			onNewEvent = listener;
		},
		stateAfter: event => (event.seq > last ? run.state() : applyEvent(state, event, resolve)),
	};
}

/** How often to check the owner of a run that has not ended, in ms. */
const ownerPollMs = 5_000;

/** Resolves when a run without a last event has no process. */
async function whenAbandoned(run: Run, store: Store, signal: AbortSignal): Promise<'abandoned'> {
	for (;;) {
		const owner = await store.owner(run.id);
		const {seq, report} = run.state();
		if (!owner && !report && (await store.read(run.id, seq)).events.length === 0) {
			return 'abandoned';
		}

		await systemClock.sleep(ownerPollMs, signal);
	}
}

function requireAgent(agent: string | undefined, {team}: RunState): void {
	const names = team ? [team.lead.name, ...team.teammates.map(({name}) => name)] : [];
	if (agent !== undefined && !names.includes(agent)) {
		throw new UsageError(`unknown agent "${agent}"`, `agents: ${names.join(', ')}`);
	}
}
