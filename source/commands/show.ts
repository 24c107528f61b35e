import {openApprovals, requestSummary} from '../core/open-approvals.ts';
import type {RunReport} from '../core/run-report.ts';
import type {RunEvent} from '../core/run-event.ts';
import type {RunState} from '../core/run-state.ts';
import type {RunStatus} from '../core/run-state-entries.ts';
import type {Io} from './process/io.ts';
import {sanitizeLine} from '../core/text.ts';
import {UsageError} from '../core/usage-error.ts';
import {workDirectoryOf} from '../config/home.ts';
import {createRunCatalog} from '../compose/run-catalog.ts';
import {createReport} from '../engine/report.ts';
import {lineOf} from '../present/event-line.ts';
import {planLines, verdictLines} from '../present/plan-lines.ts';
import {lastLine, summaryLines} from '../present/summary.ts';
import {statusText} from '../present/words.ts';
import type {Command} from './argv/command.ts';
import {switchFlag, textFlag} from './argv/flags.ts';
import type {Store} from '../store/store.ts';
import {readChange} from '../workspace/read-change.ts';
import {openStore} from './services/open-store.ts';

export const showCommand: Command = {
	name: 'show',
	flags: {
		json: {type: 'boolean'},
		events: {type: 'boolean'},
		diff: {type: 'boolean'},
		blob: {type: 'string'},
	},
	words: {min: 1, max: 1},
	async run({words, flags}, io) {
		const {home, store} = await openStore(io);
		const catalog = createRunCatalog(store);
		const id = await catalog.resolve(words[0] ?? '');
		const blob = textFlag(flags, 'blob');
		if (blob !== undefined) {
			io.print(await readBlob(store, id, blob));
			return 0;
		}

		const stop = new AbortController();
		const run = await catalog.open(id, stop.signal);
		const state = run.state();
		const task = await run.read(state.task);
		const live = (await store.owner(id)) !== undefined;
		const report =
			state.report ??
			createReport(state, {
				outcome: 'interrupted',
				message: live ? 'it is still running' : 'its process died',
			});
		stop.abort();
		const status = state.report || live ? state.status : 'stopped';
		if (switchFlag(flags, 'diff')) {
			const change = changeOf(state);
			const {environment} = io;
			io.print(change ? await readChange(workDirectoryOf(home, id), change, {environment}) : '');
			return 0;
		}

		const shown: ShownRun = {id, state, report, status, live, task, address: store.addressOf(id)};
		if (switchFlag(flags, 'json')) {
			io.print(JSON.stringify(documentOf(shown)));
			return 0;
		}

		const events = switchFlag(flags, 'events') ? (await store.read(id)).events : [];
		printRun(shown, events, io);
		return 0;
	},
};

type ShownRun = {
	readonly id: string;
	readonly state: RunState;
	readonly report: RunReport;
	readonly status: RunStatus;
	readonly live: boolean;
	readonly task: string;
	/** Of the log. */
	readonly address: string;
};

/** The run as one JSON document. */
function documentOf({id, state, report, status, live, task}: ShownRun) {
	const {subtasks, ...rest} = report;
	const {revision, hash, plan} = state.plan ?? {};
	return {
		version: 1,
		run: id,
		status,
		live,
		task,
		directory: state.directory,
		plan: state.plan && {revision, hash, ...plan},
		approvals: openApprovals(state).map(approval => ({
			id: approval.id,
			what: requestSummary(approval.subject),
			approve: `llm-orchestrator approve ${id} ${approval.id}`,
		})),
		subtasks,
		report: rest,
	};
}

function printRun(shown: ShownRun, events: readonly RunEvent[], io: Io): void {
	const {id, state, report, status, live, task, address} = shown;
	io.print(io.paint('heading', sanitizeLine(task).slice(0, 400)));
	io.print(`run ${id} · ${statusLine(state, report, live)}`);
	io.print(`directory ${sanitizeLine(state.directory)} · log ${address}`);
	if (state.plan) {
		io.print('');
		io.print(`Plan, revision ${state.plan.revision}${state.plan.approved ? ', approved' : ''}:`);
		for (const line of planLines(state.plan.plan, {...state, status})) {
			io.print(line);
		}

		for (const {subject, text} of verdictLines(state.plan.verdicts)) {
			io.print(`  ${subject}: ${text}`);
		}
	}

	if (events.length > 0) {
		io.print('');
		for (const event of events) {
			const line = lineOf(event, state);
			if (line) {
				io.print(`${event.time.slice(11, 19)} ${line.subject.padEnd(14)} ${line.text}`);
			}
		}
	}

	io.print('');
	for (const line of summaryLines(report, state)) {
		io.print(line);
	}
}

function statusLine(state: RunState, report: RunReport, live: boolean): string {
	const [open] = openApprovals(state);
	if (live && open) {
		return `${statusText(state.status)}: request ${open.id} is open → llm-orchestrator approve ${state.run} ${open.id}`;
	}

	if (live) {
		return statusText(state.status);
	}

	return lastLine(report);
}

/** A text of the run that is stored by its hash, as events name it. */
async function readBlob(store: Store, run: string, hash: string): Promise<string> {
	const text = /^[\da-f]{64}$/.test(hash) ? await store.readBlob(run, hash) : undefined;
	if (text === undefined) {
		throw new UsageError(
			`run ${run} has no text "${sanitizeLine(hash).slice(0, 80)}"`,
			'use the value of "blob" in an event of this run',
		);
	}

	return text;
}

/** The merged change: what was delivered, or would be. */
function changeOf({
	workspace,
	head,
	delivery,
}: RunState): {base: string; commit: string} | undefined {
	const commit = delivery?.head ?? head;
	return workspace === undefined || commit === undefined
		? undefined
		: {base: workspace.base, commit};
}
