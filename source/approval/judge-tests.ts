import {counted} from '../core/text.ts';
import type {Verdict} from '../core/approval.ts';
import type {Plan} from '../core/plan.ts';
import type {PlanFacts} from './facts.ts';
import {commandsOf, programsOf} from './planned-commands.ts';
import {verdictOf} from './verdict.ts';

const nothingChecked = 'nothing is checked: there are no checks of subtasks or of the result';

/** `tests`: there are checks, and all of them can run. */
export function judgeTests(plan: Plan, {settings, canRun}: PlanFacts): Verdict {
	const checks = [
		...commandsOf(plan),
		...settings.checks.map(command => ({where: 'your --check', command})),
	];
	const failures = checks.flatMap(({where, command}) =>
		programsOf(command)
			.filter(program => !canRun(program))
			.map(program => `${where}: \`${command}\` cannot run: "${program}" is not installed`),
	);
	const unchecked = plan.subtasks.filter(subtask => subtask.checks.length === 0);
	const whole = plan.checks.length + settings.checks.length;
	const isUnchecked = checks.length === 0;
	const isAllowed = settings.unverified === 'allow';
	const warnings = isUnchecked
		? isAllowed
			? [nothingChecked]
			: []
		: unchecked.length > 0 && whole === 0
			? [`without a check: ${unchecked.map(({id}) => id).join(', ')}`]
			: [];
	return verdictOf('tests', {
		failures: isUnchecked && !isAllowed ? [nothingChecked] : failures,
		warnings,
		hint: isUnchecked
			? 'give a check with --check, or accept it with --unverified allow'
			: undefined,
		passed: `${counted(checks.length, 'check')}, all can run`,
	});
}
