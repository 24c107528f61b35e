import type {Decision} from '../core/approval.ts';
import type {Verdict} from '../core/approval.ts';
import {planHash} from '../core/plan.ts';
import {formatProblems} from '../core/plan-problems.ts';
import type {PlanState, RunState} from '../core/run-state.ts';
import type {RunSettings, Team} from '../core/settings.ts';
import type {Planned} from '../agents/agent.ts';
import {createContext, type ContextParts} from './context.ts';
import {createModelCaller} from './model-caller.ts';
import type {RunParts} from './parts.ts';
import {RunEnd} from './stop.ts';

/** Revisions that a run may go through before it stops. */
export const maxRevisions = 5;

/** Times that the criteria may send a plan back before the run is rejected. */
const criteriaRevisions = 2;

export type PlanningOptions = {
	readonly parts: RunParts;
	readonly contextParts: ContextParts;
	readonly settings: RunSettings;
	readonly team: Team;
	readonly signal: AbortSignal;
};

/**
 * Gets one revision of the plan approved, from wherever the log stands: asks the lead, judges, asks
 * for the decision, and starts over with the feedback. Throws `RunEnd` when it comes to nothing.
 */
export async function planUntilApproved(options: PlanningOptions): Promise<void> {
	const {contextParts, settings} = options;
	const {state} = contextParts.recorder;
	let sentBack = 0;
	while (state.plan?.approved !== true) {
		const plan = needsRevision(state)
			? await revise(options)
			: (state.plan ?? (await revise(options)));
		const verdicts = await judge(plan, options);
		if (settings.planOnly) {
			throw new RunEnd(
				'planned',
				`the plan has ${plan.plan.subtasks.length} ${plan.plan.subtasks.length === 1 ? 'subtask' : 'subtasks'}`,
			);
		}

		const decision = await decide(plan, verdicts, options);
		if (decision.decision === 'approve') {
			return;
		}

		sentBack += decision.origin === 'criteria' ? 1 : 0;
		endUnlessRevisable(decision, plan, sentBack);
	}
}

function endUnlessRevisable(decision: Decision, plan: PlanState, sentBack: number): void {
	const {feedback, origin} = decision;
	if (origin === 'nobody' || origin === 'deadline') {
		throw new RunEnd(
			'undecided',
			origin === 'nobody'
				? 'the plan needs the decision of a person, and there is no terminal'
				: 'nobody decided on the plan in time',
			'--approve criteria',
		);
	}

	if (origin === 'person' && feedback === undefined) {
		throw new RunEnd('rejected', 'the plan was rejected');
	}

	if (origin === 'criteria' && (plan.origin !== 'lead' || sentBack > criteriaRevisions)) {
		throw new RunEnd('rejected', `the criteria rejected the plan: ${feedback ?? ''}`);
	}
}

/** No new plan makes tokens: what costs more than is left is a limit, not a bad plan. */
function endIfTooDear(failing: readonly Verdict[], {approve, maxTokens}: RunSettings): void {
	const cost = failing.find(({criterion}) => criterion === 'cost');
	if (cost && approve === 'criteria') {
		throw new RunEnd(
			'limit-reached',
			`the plan costs too much: ${cost.reasons.join('; ')}`,
			`--max-tokens ${10 * (maxTokens ?? 1)}`,
		);
	}
}

/** Whether the latest revision was sent back, so that the next one is due. */
function needsRevision(state: RunState): boolean {
	return [...state.approvals.values()].some(
		({subject, decision}) =>
			subject.kind === 'plan' &&
			subject.revision === state.plan?.revision &&
			decision?.decision === 'reject' &&
			decision.feedback !== undefined,
	);
}

async function revise(options: PlanningOptions): Promise<PlanState> {
	const {contextParts, parts} = options;
	const {recorder} = contextParts;
	const {state} = recorder;
	const revision = (state.plan?.revision ?? 0) + 1;
	if (revision > maxRevisions) {
		throw new RunEnd('limit-reached', `the plan went through ${maxRevisions} revisions`);
	}

	recorder.emit({type: 'planning-started', revision});
	const given = revision === 1 ? parts.givenPlan : undefined;
	const {plan, origin} = given
		? {plan: given, origin: 'file' as const}
		: await askLead(revision, options);
	recorder.emit({
		type: 'plan-proposed',
		revision,
		hash: planHash(plan),
		plan: recorder.keep(JSON.stringify(plan)),
		origin,
	});
	if (state.plan?.revision !== revision) {
		throw new RunEnd('failed', 'the plan could not be kept: it holds what looks like a secret');
	}

	return state.plan;
}

async function askLead(revision: number, options: PlanningOptions): Promise<Planned> {
	const {contextParts, parts, settings, signal, team} = options;
	const {recorder} = contextParts;
	const {state} = recorder;
	const context = createContext(contextParts, {}, team.lead.name, signal);
	const {connect, clock, random} = parts;
	const {lead: profile} = team;
	const {provider, model} = profile;
	recorder.emit({type: 'agent-started', agent: profile.name, provider, model});
	const {workspace} = state;
	const planned = await parts.lead(
		{
			task: (await recorder.read(state.task)) ?? '',
			teammates: Math.min(settings.maxParallel, team.teammates.length),
			overview: workspace ? ((await recorder.read(workspace.overview)) ?? '') : '',
			projectInstructions:
				workspace?.instructions === undefined
					? undefined
					: await recorder.read(workspace.instructions),
			checks: settings.checks,
			previous: state.plan && {plan: state.plan.plan, feedback: [...state.feedback]},
		},
		{
			call: createModelCaller({profile, session: {}, connect, context, clock, random}),
			refused(attempt, problems) {
				const lines = formatProblems(problems).split('\n');
				recorder.emit({type: 'plan-refused', revision, try: attempt, problems: lines});
			},
		},
	);
	recorder.emit({type: 'agent-finished', agent: profile.name, reason: 'finished', turns: 1});
	return planned;
}

async function judge(
	plan: PlanState,
	{contextParts, parts, settings}: PlanningOptions,
): Promise<readonly Verdict[]> {
	const {recorder} = contextParts;
	const {state} = recorder;
	const verdicts = await parts.judgePlan(plan.plan, {
		settings,
		directory: state.directory,
		tokensSpent: state.usage.total.total,
	});
	const {revision, hash} = plan;
	recorder.emit({type: 'plan-judged', revision, hash, verdicts: [...verdicts]});
	return verdicts;
}

async function decide(
	{revision, hash}: PlanState,
	verdicts: readonly Verdict[],
	{contextParts, settings, signal}: PlanningOptions,
): Promise<Decision> {
	const {approvals, recorder} = contextParts;
	const subject = {kind: 'plan', revision, hash} as const;
	if (settings.approve === 'ask') {
		return approvals.ask(subject, signal);
	}

	const failing = verdicts.filter(({result}) => result === 'fail');
	endIfTooDear(failing, settings);
	const decision: Decision =
		settings.approve === 'all' || failing.length === 0
			? {decision: 'approve', scope: 'once', origin: settings.approve}
			: {
					decision: 'reject',
					scope: 'once',
					origin: 'criteria',
					feedback: failing
						.flatMap(({criterion, reasons}) => reasons.map(r => `${criterion}: ${r}`))
						.join('\n'),
				};
	const approval = `plan-${revision}-${settings.approve}`;
	recorder.emit({type: 'approval-requested', approval, subject});
	approvals.decide(approval, decision);
	await recorder.barrier();
	return decision;
}
