import {textOf, type Answer, type Message} from '../core/chat.ts';
import {FailureError, isUnusableAnswer} from '../core/failure.ts';
import {formatProblems, parsePlan, type ParsedPlan} from '../core/plan-problems.ts';
import {planSchema, type Plan} from '../core/plan.ts';
import type {Lead, PlanningBrief} from './agent.ts';
import {normalisePlanAnswer} from './normalise-plan.ts';
import {jsonInAnswer, keepKnown, planAnswerJsonSchema} from './plan-answer.ts';
import {leadSystemPrompt, planningPrompt} from './prompts.ts';

/** Answers that may be no valid plan before the whole task becomes one subtask. */
export const planningTries = 3;

/** The lead: asks for a plan, sends invalid ones back with all their problems. */
export const planWithModel: Lead = async (brief, session) => {
	const output = {name: 'plan', schema: planAnswerJsonSchema()};
	/** Answers that were no plan, each with what was wrong with it. */
	let corrections: readonly Message[] = [];
	let level = 0;
	const ask = async (attempt: number): Promise<Answer | FailureError> => {
		for (;;) {
			const prompt: Message = {role: 'user', text: planningPrompt(shortened(brief, level))};
			try {
				const request = {system: leadSystemPrompt, messages: [prompt, ...corrections], output};
				return await session.call(request, attempt);
			} catch (error) {
				if (error instanceof FailureError && isUnusableAnswer(error.kind)) {
					return error;
				}

				const isTooLong = error instanceof FailureError && error.kind === 'context-overflow';
				if (!isTooLong || level >= shortenings.length) {
					throw error;
				}

				level += 1;
				corrections = corrections.slice(-2);
				session.shortened(level, error.message);
			}
		}
	};

	for (let attempt = 1; attempt <= planningTries; attempt++) {
		const answer = await ask(attempt);
		const parsed = planOf(answer);
		const plan = parsed.ok ? keepKnown(parsed.plan, brief.previous) : undefined;
		const problems = parsed.ok ? session.check(plan ?? parsed.plan) : parsed.problems;
		if (plan && problems.length === 0) {
			return {plan, origin: 'lead'};
		}

		session.refused(attempt, problems);
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
	return {plan: stays ?? wholeTask(brief), origin: 'fallback'};
};

/** What the lead is told at most, the less the more often its model could not take it all. */
const shortenings = [
	{paths: 80, instructions: 4_000},
	{paths: 20, instructions: 0},
] as const;

function shortened(brief: PlanningBrief, level: number): PlanningBrief {
	const most = shortenings[level - 1];
	if (!most) {
		return brief;
	}

	const paths = brief.overview.split('\n');
	const left = paths.length - most.paths;
	const more = left > 0 ? [`… and ${left} more are not listed`] : [];
	return {
		...brief,
		overview: [...paths.slice(0, most.paths), ...more].join('\n'),
		projectInstructions: brief.projectInstructions?.slice(0, most.instructions),
	};
}

function planOf(answer: Answer | FailureError): ParsedPlan {
	if (answer instanceof FailureError) {
		return {ok: false, problems: [{path: '', message: answer.message}]};
	}

	const value = jsonInAnswer(textOf(answer.message), answer.stopReason === 'end');
	if (value !== undefined) {
		return parsePlan(normalisePlanAnswer(value));
	}

	const wasCut = answer.stopReason === 'max-tokens' || answer.stopReason === 'context-full';
	const message = wasCut
		? 'the answer was cut because it was too long: make fewer subtasks, with shorter instructions'
		: 'the answer holds no JSON document';
	return {ok: false, problems: [{path: '', message}]};
}

function wholeTask(brief: PlanningBrief): Plan {
	return planSchema.parse({
		summary: 'The whole task in one subtask, because the lead gave no valid plan.',
		subtasks: [
			{id: 'task', title: 'The whole task', instructions: brief.task, checks: [...brief.checks]},
		],
	});
}
