import type {Verdict} from '../core/approval.ts';
import type {Condition, Plan, Subtask} from '../core/plan.ts';
import {isUnowned} from '../core/run-clock.ts';
import type {RunState} from '../core/run-state.ts';
import {revealHidden, sanitizeLine} from '../core/text.ts';
import type {Line} from './line.ts';
import {statusSign} from './status-sign.ts';

/** A plan as lines: one per subtask, with its dependencies and checks. */
export function planLines(plan: Plan, state?: RunState): readonly string[] {
	const width = Math.min(24, Math.max(...plan.subtasks.map(({id}) => id.length)));
	const subtasks = plan.subtasks.flatMap(subtask => {
		const status = state?.subtasks.get(subtask.id)?.status ?? 'pending';
		const {sign} = statusSign(status, {atRest: state !== undefined && isUnowned(state)});
		const checks = subtask.checks.map(({command}) => `    check: ${onOneLine(command)}`);
		return [
			`  ${sign} ${subtask.id.padEnd(width)}  ${sanitizeLine(subtask.title)}${after(subtask)}`,
			...checks,
		];
	});
	const final = plan.checks.map(({command}) => `  final check: ${onOneLine(command)}`);
	const own = (state?.settings?.checks ?? []).map(
		command => `  final check (yours): ${onOneLine(command)}`,
	);
	return [...subtasks, ...final, ...own];
}

/** A full command on one line, so that none of its lines can pass for ours. */
function onOneLine(command: string): string {
	return revealHidden(command).replaceAll('\n', ' ⏎ ');
}

/** The verdicts of the criteria, each with its reasons. */
export function verdictLines(verdicts: readonly Verdict[]): readonly Line[] {
	return verdicts.map(({criterion, result, reasons}) => ({
		subject: sanitizeLine(criterion),
		text: `${result}: ${reasons.map(sanitizeLine).join('; ')}`,
		tone: result === 'pass' ? 'good' : result === 'warn' ? 'warning' : 'bad',
	}));
}

function after({dependsOn, join}: Subtask): string {
	if (dependsOn.length === 0) {
		return '';
	}

	const edges = dependsOn.map(({subtask, when}) =>
		when === 'success' ? subtask : `${subtask} ${describeCondition(when)}`,
	);
	return `  ← ${sanitizeLine(edges.join(join === 'any' ? ' or ' : ', '))}`;
}

/** A condition, as a suffix of a subtask id: `failed`, `ended`, `with count = 0`. */
export function describeCondition(when: Condition): string {
	if (typeof when === 'string') {
		return when === 'failure' ? 'failed' : 'ended';
	}

	return 'equals' in when
		? `with ${when.output} = ${JSON.stringify(when.equals)}`
		: `${when.exists ? 'with' : 'without'} ${when.output}`;
}
