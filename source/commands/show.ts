import {openApprovals} from '../core/open-approvals.ts';
import type {RunReport} from '../core/run-report.ts';
import type {RunState} from '../core/run-state.ts';
import {sanitizeLine} from '../core/text.ts';
import {createRunCatalog} from '../compose/run-catalog.ts';
import {createReport} from '../engine/report.ts';
import {lineOf} from '../present/event-line.ts';
import {planLines, verdictLines} from '../present/plan-lines.ts';
import {lastLine, summaryLines} from '../present/summary.ts';
import {statusText} from '../present/words.ts';
import type {Command} from './argv/command.ts';
import {switchFlag} from './argv/flags.ts';
import {openStore} from './services/open-store.ts';

export const showCommand: Command = {
	name: 'show',
	flags: {json: {type: 'boolean'}, events: {type: 'boolean'}},
	words: {min: 1, max: 1},
	async run({words, flags}, io) {
		const {store} = await openStore(io);
		const catalog = createRunCatalog(store);
		const id = await catalog.resolve(words[0] ?? '');
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
		if (switchFlag(flags, 'json')) {
			const {subtasks, ...rest} = report;
			const plan = state.plan && {
				revision: state.plan.revision,
				hash: state.plan.hash,
				...state.plan.plan,
			};
			io.print(
				JSON.stringify({
					run: id,
					status,
					live,
					task,
					directory: state.directory,
					plan,
					subtasks,
					report: rest,
				}),
			);
			return 0;
		}

		io.print(io.paint('heading', sanitizeLine(task).slice(0, 400)));
		io.print(`run ${id} · ${statusLine(state, report, live)}`);
		io.print(`directory ${sanitizeLine(state.directory)} · log ${store.addressOf(id)}`);
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

		if (switchFlag(flags, 'events')) {
			io.print('');
			for (const event of (await store.read(id)).events) {
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

		return 0;
	},
};

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
