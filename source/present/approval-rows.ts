import type {ApprovalSubject, Verdict} from '../core/approval.ts';
import type {RunState} from '../core/run-state.ts';
import type {ApprovalState, PlanState} from '../core/run-state-entries.ts';
import {finalChecks} from '../core/final-checks.ts';
import {counted, revealHidden, sanitizeLine} from '../core/text.ts';
import {diffRows} from './diff-rows.ts';
import {span, type Row} from './text/row.ts';
import {clockTime, money, tokens} from './words.ts';
import {wrapText} from './text/wrap.ts';

/** One line: who requests what. */
export function approvalHeading({subject, until}: ApprovalState): string {
	const deadline = until === undefined ? '' : ` · until ${clockTime(until)}`;
	switch (subject.kind) {
		case 'plan':
			return `revision ${subject.revision} of the plan${deadline}`;
		case 'tool': {
			const where = subject.subtask === undefined ? '' : ` · ${sanitizeLine(subject.subtask)}`;
			return `${sanitizeLine(subject.agent)} wants to use ${sanitizeLine(subject.tool)}${where}${deadline}`;
		}

		case 'interrupted-command':
			return `interrupted command in ${sanitizeLine(subject.subtask)}${deadline}`;
	}
}

/** Names a request within a sentence: `alice's run_command (api)`. */
export function approvalName({subject}: ApprovalState): string {
	switch (subject.kind) {
		case 'plan':
			return `revision ${subject.revision} of the plan`;
		case 'tool': {
			const where = subject.subtask === undefined ? '' : ` (${sanitizeLine(subject.subtask)})`;
			return `${sanitizeLine(subject.agent)}'s ${sanitizeLine(subject.tool)}${where}`;
		}

		case 'interrupted-command':
			return `the interrupted command in ${sanitizeLine(subject.subtask)}`;
	}
}

/** Everything needed to decide: the plan's verdicts, or the full command or change. */
export function approvalRows(
	{subject}: ApprovalState,
	state: RunState,
	width: number,
): readonly Row[] {
	switch (subject.kind) {
		case 'plan':
			return state.plan ? planRows(state.plan, state, width) : [];
		case 'tool':
			return toolRows(subject, width);
		case 'interrupted-command':
			return [
				...commandRows(subject.command, width),
				...sentences(
					'It was running when the program ended and may already have had effects. Restart the attempt?',
					width,
				),
			];
	}
}

function planRows(plan: PlanState, state: RunState, width: number): readonly Row[] {
	const {subtasks, summary} = plan.plan;
	const minutes = subtasks.reduce((sum, {estimate}) => sum + estimate, 0);
	const {maxTokens = null, maxUsd = null} = state.settings ?? {};
	const {total, usd} = state.usage.total;
	const limits = [
		...(maxTokens === null ? [] : [`${tokens(total)} of ${tokens(maxTokens)} tokens used`]),
		...(maxUsd === null ? [] : [`${money(usd)} of ${money(maxUsd)} used`]),
	];
	const budget = limits.length === 0 ? 'no limit' : limits.join(', ');
	return [
		...(summary === '' ? [] : sentences(sanitizeLine(summary), width)),
		[
			span(`${counted(subtasks.length, 'subtask')}, estimated ${Math.round(minutes)} min of work`),
			span(` · ${budget}`, limits.length === 0 ? 'quiet' : 'plain'),
		],
		...plan.verdicts.flatMap(verdict => verdictRows(verdict, width)),
		...checksRows(state, width),
	];
}

/** One criterion with all its reasons. */
function verdictRows({criterion, result, reasons}: Verdict, width: number): readonly Row[] {
	const tone = result === 'pass' ? 'good' : result === 'warn' ? 'warning' : 'bad';
	const name = sanitizeLine(criterion).padEnd(9);
	const lines = wrapText(reasons.map(sanitizeLine).join('; '), Math.max(10, width - 15));
	return lines.map((line, index) => [
		span(index === 0 ? `${name} ${result.padEnd(5)}` : ' '.repeat(15), tone),
		span(line),
	]);
}

/** Approving a plan approves its check commands, so they are shown in full. */
function checksRows(state: RunState, width: number): readonly Row[] {
	const final = finalChecks(state).map(({command}) => command);
	const own = (state.plan?.plan.subtasks ?? []).flatMap(({checks}) =>
		checks.map(({command}) => command),
	);
	const commands = [...new Set([...final, ...own])];
	return commands.length === 0
		? [[span('no checks: only the agents decide when it is done', 'warning')]]
		: commands.flatMap(command =>
				wrapText(`runs ${revealHidden(command)}`, width).map(line => [span(line, 'quiet')]),
			);
}

function toolRows(
	subject: Extract<ApprovalSubject, {kind: 'tool'}>,
	width: number,
): readonly Row[] {
	// A command is shown as a command even if it contains a diff.
	const isCommand = subject.tool === 'run_command';
	return [
		...(isCommand ? commandRows(subject.detail, width) : diffRows(subject.detail, width)),
		...sentences(`${revealHidden(subject.reason)} · in ${revealHidden(subject.directory)}`, width),
	];
}

function commandRows(command: string, width: number): readonly Row[] {
	return wrapText(revealHidden(command), Math.max(10, width - 2)).map((line, index) => [
		span(index === 0 ? '$ ' : '  ', 'quiet'),
		span(line, 'heading'),
	]);
}

function sentences(text: string, width: number): readonly Row[] {
	return wrapText(text, width).map(line => [span(line, 'quiet')]);
}
