import {textOf, type Answer, type Message} from '../core/chat.ts';
import {FailureError, isUnusableAnswer} from '../core/failure.ts';
import {formatProblems, parsePlan, type ParsedPlan} from '../core/plan-problems.ts';
import {planSchema, type Plan} from '../core/plan.ts';
import type {Lead, PlanningBrief} from './agent.ts';
import {normalizePlanAnswer} from './normalize-plan.ts';
import {jsonInAnswer, planForm, restoreKnown} from './plan-answer.ts';
import {
	leadSystemPrompt,
	planningPrompt,
	stepPlanningPrompt,
	stepPlanSystemPrompt,
} from './prompts.ts';
import {readStepPlan, stepPlanForm} from './step-plan.ts';

/** Invalid plans before the entire task becomes one subtask. */
const planningTries = 3;

/** The lead: requests a plan, and sends invalid ones back with all their problems. */
export const planWithModel: Lead = async (brief, session) => {
	const output = planForm();
	const steps = stepPlanForm(brief);
	/** Invalid answers, each with its problems. */
	let corrections: readonly Message[] = [];
	let level = 0;
	const ask = async (round: number): Promise<Answer | FailureError> => {
		for (;;) {
			const shown = shortenBrief(brief, level);
			const after = (text: string) => [{role: 'user' as const, text}, ...corrections];
			const forSmallModel = {
				system: stepPlanSystemPrompt,
				messages: after(stepPlanningPrompt(shown)),
				output: steps,
			};
			try {
				const request = {
					system: leadSystemPrompt,
					messages: after(planningPrompt(shown)),
					output,
					forSmallModel,
				};
				return await session.call(request, round);
			} catch (error) {
				if (error instanceof FailureError && isUnusableAnswer(error.kind)) {
					return error;
				}

				const isTooLong = error instanceof FailureError && error.kind === 'context-overflow';
				if (!isTooLong || level >= promptLimits.length) {
					throw error;
				}

				level += 1;
				corrections = corrections.slice(-2);
				session.reportShortened(level, error.message);
			}
		}
	};

	for (let round = 1; round <= planningTries; round++) {
		const answer = await ask(round);
		const parsed = planOf(answer, brief);
		const plan = parsed.ok ? restoreKnown(parsed.plan, brief.previous) : undefined;
		const problems = parsed.ok ? session.check(plan ?? parsed.plan) : parsed.problems;
		if (plan && problems.length === 0) {
			return {plan, origin: 'lead'};
		}

		session.reportRefused(round, problems);
		corrections = [
			...corrections,
			...(answer instanceof FailureError ? [] : [answer.message]),
			{
				role: 'user',
				text: `This plan cannot be used:\n${formatProblems(problems)}\n\nAnswer with the whole corrected plan as one JSON document.`,
			},
		];
	}

	const {previous, progress} = brief;
	const stays = progress.length > 0 ? previous : undefined;
	return {plan: stays ?? singleSubtaskPlan(brief), origin: 'fallback'};
};

/** Limits on the lead's prompt, tighter each time it did not fit the model's context. */
const promptLimits = [
	{paths: 80, instructions: 4_000},
	{paths: 20, instructions: 0},
] as const;

function shortenBrief(brief: PlanningBrief, level: number): PlanningBrief {
	const limits = promptLimits[level - 1];
	if (!limits) {
		return brief;
	}

	const paths = brief.overview.split('\n');
	const left = paths.length - limits.paths;
	const more = left > 0 ? [`… and ${left} more are not listed`] : [];
	return {
		...brief,
		overview: [...paths.slice(0, limits.paths), ...more].join('\n'),
		projectInstructions: brief.projectInstructions?.slice(0, limits.instructions),
	};
}

function planOf(answer: Answer | FailureError, brief: PlanningBrief): ParsedPlan {
	if (answer instanceof FailureError) {
		return {ok: false, problems: [{path: '', message: answer.message}]};
	}

	const value = jsonInAnswer(textOf(answer.message), answer.stopReason === 'end');
	if (value !== undefined) {
		return parsePlan(readStepPlan(value, brief) ?? normalizePlanAnswer(value));
	}

	const wasCut = answer.stopReason === 'max-tokens' || answer.stopReason === 'context-full';
	const message = wasCut
		? 'the answer was cut because it was too long: make fewer subtasks, with shorter instructions'
		: 'the answer holds no JSON document';
	return {ok: false, problems: [{path: '', message}]};
}

function singleSubtaskPlan(brief: PlanningBrief): Plan {
	return planSchema.parse({
		summary: 'The whole task in one subtask, because the lead gave no valid plan.',
		subtasks: [
			{id: 'task', title: 'The whole task', instructions: brief.task, checks: [...brief.checks]},
		],
	});
}
