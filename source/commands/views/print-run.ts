import {openApprovals} from '../../core/open-approvals.ts';
import type {RunEvent} from '../../core/run-event.ts';
import {sanitizeLine} from '../../core/text.ts';
import {lineOf} from '../../present/event-line.ts';
import {planLines, verdictLines} from '../../present/plan-lines.ts';
import {lastLine, summaryLines} from '../../present/summary.ts';
import {statusText} from '../../present/words.ts';
import type {Io} from '../process/io.ts';
import type {RunStanding} from '../services/run-standing.ts';

/**
 * Prints how a run stands: plan, events, results.
 *
 * @param details `address`: where its log is
 */
export function printRun(
	standing: RunStanding,
	{events, address}: {readonly events: readonly RunEvent[]; readonly address: string},
	io: Io,
): void {
	const {state, report, status, task} = standing;
	io.print(io.paint('heading', sanitizeLine(task).slice(0, 400)));
	io.print(`run ${state.run} · ${statusLine(standing)}`);
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

function statusLine({state, report, live}: RunStanding): string {
	const [open] = openApprovals(state);
	if (live && open) {
		return `${statusText(state.status)}: request ${open.id} is open → llm-orchestrator approve ${state.run} ${open.id}`;
	}

	if (live) {
		return statusText(state.status);
	}

	return lastLine(report);
}
