import {counted} from '../core/text.ts';
import type {Decision, Verdict} from '../core/approval.ts';
import {planHash} from '../core/plan.ts';
import {formatProblems} from '../core/plan-problems.ts';
import {maxRevisions, revisionProblems} from '../core/revision.ts';
import {spentTokens, spentUsd, type RunState} from '../core/run-state.ts';
import type {PlanState} from '../core/run-state-entries.ts';
import type {RunSettings, Team} from '../core/settings.ts';
import type {Planned, PlanningBrief} from '../agents/agent.ts';
import {createLocalContext, type ContextParts} from './attempt/local-context.ts';
import {openAttemptSession} from './attempt/attempt-session.ts';
import {deliverLeadMessages, requestRevision} from './lead-messages.ts';
import {createModelCaller} from './model/model-caller.ts';
import type {RunParts} from './run-parts.ts';
import {RunEnd} from './run-end.ts';

/** How often the criteria may send a plan back before the run is rejected. */
const criteriaRevisions = 2;

export type PlanningOptions = {
	readonly parts: RunParts;
	readonly contextParts: ContextParts;
	readonly team: Team;
	readonly signal: AbortSignal;
};

/**
 * Plans until a revision is approved, from the current state of the log: calls the lead, judges the plan,
 * requests a decision, and repeats with the feedback. Also replaces an approved plan if a revision is
 * requested. Throws `RunEnd` if no plan is approved.
 */
export async function planUntilApproved(options: PlanningOptions): Promise<void> {
	const {contextParts} = options;
	const {recorder} = contextParts;
	const {state} = recorder;
	let sentBack = 0;
	while (needsApprovedPlan(state)) {
		const plan = needsRevision(state)
			? await revise(options)
			: (state.plan ?? (await revise(options)));
		// Messages that arrived during planning come first: they lead to another revision.
		requestRevision(recorder);
		const verdicts = state.revisionWanted ? [] : await judge(plan, options);
		if (state.revisionWanted) {
			continue;
		}

		if (recorder.settings().planOnly) {
			throw new RunEnd('planned', `the plan has ${counted(plan.plan.subtasks.length, 'subtask')}`);
		}

		const decision = await decide(plan, verdicts, options);
		if (!decision || decision.decision === 'approve') {
			continue;
		}

		sentBack += decision.origin === 'criteria' ? 1 : 0;
		endUnlessRevisable(decision, {origin: plan.origin, verdicts}, sentBack);
	}
}

function endUnlessRevisable(
	{feedback, origin}: Decision,
	plan: Pick<PlanState, 'origin' | 'verdicts'>,
	sentBack: number,
): void {
	if (origin === 'nobody' || origin === 'deadline') {
		throw new RunEnd(
			'undecided',
			origin === 'nobody'
				? 'the plan needs approval, but there is no terminal to ask on'
				: 'nobody decided on the plan in time',
			'--approve criteria',
		);
	}

	if (origin === 'person' && feedback === undefined) {
		throw new RunEnd('rejected', 'the plan was rejected');
	}

	if (origin === 'criteria' && (plan.origin !== 'lead' || sentBack > criteriaRevisions)) {
		const hints = plan.verdicts.flatMap(({hint}) => hint ?? []);
		const advice = hints.length === 0 ? '' : ` (${hints.join('; ')})`;
		throw new RunEnd('rejected', `the criteria rejected the plan: ${feedback ?? ''}${advice}`);
	}
}

/** A plan that exceeds the remaining budget is a reached limit: replanning would not help. */
function endIfTooExpensive(failing: readonly Verdict[], settings: RunSettings): void {
	const {approve, maxTokens, maxUsd} = settings;
	const cost = failing.find(({criterion}) => criterion === 'cost');
	if (cost && approve === 'criteria') {
		throw new RunEnd(
			'limit-reached',
			`the plan costs too much: ${cost.reasons.join('; ')}`,
			[
				...(maxTokens === null ? [] : [`--max-tokens ${10 * maxTokens}`]),
				...(maxUsd === null ? [] : [`--budget ${10 * maxUsd}`]),
			].join(' '),
		);
	}
}

/** Whether there is no approved plan, or a revision is requested. */
export function needsApprovedPlan({plan, revisionWanted}: RunState): boolean {
	return plan?.approved !== true || revisionWanted !== undefined;
}

/** Whether a revision is requested or the latest one was rejected with feedback. */
function needsRevision(state: RunState): boolean {
	const wanted = state.revisionWanted !== undefined;
	return (
		wanted ||
		[...state.approvals.values()].some(
			({subject, decision}) =>
				subject.kind === 'plan' &&
				subject.revision === state.plan?.revision &&
				decision?.decision === 'reject' &&
				decision.feedback !== undefined,
		)
	);
}

async function revise(options: PlanningOptions): Promise<PlanState> {
	const {contextParts, parts} = options;
	const {recorder} = contextParts;
	const {state} = recorder;
	const revision = (state.plan?.revision ?? 0) + 1;
	if (revision > maxRevisions) {
		throw new RunEnd('limit-reached', `the plan reached the limit of ${maxRevisions} revisions`);
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
		throw new RunEnd('failed', 'the plan could not be stored: it seems to contain a secret');
	}

	return state.plan;
}

async function askLead(revision: number, options: PlanningOptions): Promise<Planned> {
	const {contextParts, team, signal} = options;
	const {recorder} = contextParts;
	const agent = team.lead.name;
	for (;;) {
		await deliverLeadMessages(recorder, signal);
		const {provider, model} = team.lead;
		recorder.emit({type: 'agent-started', agent, provider, model});
		const planned = await askOnce(revision, options).catch((error: unknown) => {
			if (recorder.state.leadInterrupted) {
				return undefined;
			}

			throw error;
		});
		// A plan that arrives after an interruption is discarded.
		if (planned && !recorder.state.leadInterrupted) {
			recorder.emit({type: 'agent-finished', agent, reason: 'finished', turns: 1});
			return planned;
		}
	}
}

async function askOnce(revision: number, options: PlanningOptions): Promise<Planned> {
	const {contextParts, parts, signal, team} = options;
	const {recorder} = contextParts;
	const {connect, clock, models, random, redact} = parts;
	const {lead: profile} = team;
	const context = createLocalContext(contextParts, {agent: profile.name}, signal);
	const session = await openAttemptSession({context, agent: profile.name, key: {}, redact});
	const call = createModelCaller({profile, session, connect, models, clock, random});
	try {
		return await parts.lead(await briefLead(options), {
			async call(request, turn) {
				await session.turns.begin(turn);
				return call(request, turn);
			},
			check: plan => revisionProblems(plan, recorder.state),
			reportShortened(level, reason) {
				session.emit({
					type: 'context-compacted',
					turn: 1,
					level,
					state: '',
					reason,
					conversation: '',
				});
			},
			reportRefused(attempt, problems) {
				const lines = formatProblems(problems).split('\n');
				recorder.emit({type: 'plan-refused', revision, try: attempt, problems: lines});
			},
		});
	} finally {
		context.close();
	}
}

/** Builds the lead's brief, using only the state of the run. */
async function briefLead({contextParts, team}: PlanningOptions): Promise<PlanningBrief> {
	const {recorder} = contextParts;
	const {state} = recorder;
	const {workspace} = state;
	const {checks, maxParallel} = recorder.settings();
	const texts = await Promise.all(state.feedback.map(async text => recorder.read(text)));
	const subtasks = [...state.subtasks.values()];
	return {
		task: (await recorder.read(state.task)) ?? '',
		teammates: Math.min(maxParallel, team.teammates.length),
		overview: workspace ? ((await recorder.read(workspace.overview)) ?? '') : '',
		projectInstructions:
			workspace?.instructions === undefined
				? undefined
				: await recorder.read(workspace.instructions),
		checks,
		previous: state.plan?.plan,
		feedback: texts.map(text => text ?? '(this message was lost in a crash)'),
		progress: subtasks.map(({id, status, summary, failure, reason}) => ({
			id,
			status,
			summary: failure?.message ?? reason ?? summary ?? '',
		})),
	};
}

async function judge(
	plan: PlanState,
	{contextParts, parts}: PlanningOptions,
): Promise<readonly Verdict[]> {
	const {recorder} = contextParts;
	const {state} = recorder;
	const verdicts = await parts.judgePlan(plan.plan, {
		settings: recorder.settings(),
		directory: state.directory,
		tokensSpent: spentTokens(state),
		usdSpent: spentUsd(state),
	});
	const {revision, hash} = plan;
	recorder.emit({type: 'plan-judged', revision, hash, verdicts: [...verdicts]});
	return verdicts;
}

async function decide(
	{revision, hash}: PlanState,
	verdicts: readonly Verdict[],
	{contextParts, signal}: PlanningOptions,
): Promise<Decision | undefined> {
	const {approvals, recorder} = contextParts;
	const settings = recorder.settings();
	const subject = {kind: 'plan', revision, hash} as const;
	if (settings.approve === 'ask') {
		return approvals.ask(subject, signal);
	}

	const failing = verdicts.filter(({result}) => result === 'fail');
	endIfTooExpensive(failing, settings);
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
