import {textOf, type Message} from '../core/chat.ts';
import type {Json} from '../core/json.ts';
import {formatProblems, parsePlan, type ParsedPlan} from '../core/plan-problems.ts';
import {planSchema, type Plan} from '../core/plan.ts';
import type {Lead, PlanningBrief} from './agent.ts';
import {jsonInAnswer, keepKnown, planAnswerJsonSchema} from './plan-answer.ts';
import {leadSystemPrompt, planningPrompt} from './prompts.ts';

/** Answers that may be no valid plan before the whole task becomes one subtask. */
export const planningTries = 3;

/** The lead: asks for a plan, sends invalid ones back with all their problems. */
export const planWithModel: Lead = async (brief, session) => {
	const messages: Message[] = [{role: 'user', text: planningPrompt(brief)}];
	const output = {name: 'plan', schema: planAnswerJsonSchema()};
	for (let attempt = 1; attempt <= planningTries; attempt++) {
		const answer = await session.call(
			{system: leadSystemPrompt, messages: [...messages], output},
			attempt,
		);
		const parsed = planOf(textOf(answer.message));
		const plan = parsed.ok ? keepKnown(parsed.plan, brief.previous) : undefined;
		const problems = parsed.ok ? session.check(plan ?? parsed.plan) : parsed.problems;
		if (plan && problems.length === 0) {
			return {plan, origin: 'lead'};
		}

		session.refused(attempt, problems);
		messages.push(answer.message, {
			role: 'user',
			text: `This plan cannot be used:\n${formatProblems(problems)}\n\nAnswer with the whole corrected plan as one JSON document.`,
		});
	}

	const {previous, progress} = brief;
	const stays = progress.length > 0 ? previous : undefined;
	return {plan: stays ?? wholeTask(brief), origin: 'fallback'};
};

function planOf(text: string): ParsedPlan {
	const value = jsonInAnswer(text);
	return value === undefined
		? {ok: false, problems: [{path: '', message: 'the answer holds no JSON document'}]}
		: parsePlan(unwrapped(value));
}

function wholeTask(brief: PlanningBrief): Plan {
	return planSchema.parse({
		summary: 'The whole task in one subtask, because the lead gave no valid plan.',
		subtasks: [
			{id: 'task', title: 'The whole task', instructions: brief.task, checks: [...brief.checks]},
		],
	});
}

/** Some models put the document they were asked for into an object of its name. */
function unwrapped(value: Json): Json {
	return typeof value === 'object' && value !== null && 'plan' in value && !('subtasks' in value)
		? (value['plan'] ?? null)
		: value;
}
