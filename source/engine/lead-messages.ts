import {planHash} from '../core/plan.ts';
import {formatProblems, parsePlan} from '../core/plan-problems.ts';
import {maxRevisions, revisionProblems} from '../core/revision.ts';
import {openApprovals} from '../core/open-approvals.ts';
import type {RunState} from '../core/run-state.ts';
import type {MessageState} from '../core/run-state-entries.ts';
import {sanitizeLine, shorten} from '../core/text.ts';
import {logMessage, waitForMessage} from './messages.ts';
import type {Recorder} from './log/recorder.ts';

/** The inbox id of a command, for the event that is its receipt. */
type FromInbox = {readonly inbox?: string};

/**
 * Takes a message to the lead: it is about the plan, so a new revision is made with it. Why not, when
 * there are no revisions left.
 */
export function messageLead(
	recorder: Recorder,
	text: string,
	receipt: FromInbox,
): string | undefined {
	const {state} = recorder;
	if (revisionFor(state) > maxRevisions) {
		return `the plan went through ${maxRevisions} revisions, and there is no other`;
	}

	logMessage(recorder, {from: 'person', to: leadOf(state), text}, receipt.inbox);
	requestRevision(recorder);
	return undefined;
}

/**
 * Says in the log that a new revision is wanted, when there are messages that the lead has not been
 * given and a plan that they are about. Does nothing when that is said already, or when they come in
 * time for the revision that is being made.
 */
export function requestRevision({emit, state}: Recorder): void {
	const [first] = messagesToLead(state);
	const waits = state.planning === undefined && state.revisionWanted === undefined;
	if (first && waits && state.plan) {
		const text = typeof first.text === 'string' ? first.text : '(a long message)';
		const reason = shorten(sanitizeLine(text.trim().split('\n', 1)[0] ?? ''), 200);
		emit({type: 'revision-requested', by: 'person', reason});
	}
}

/** Gives the lead what the person has told it. One that was interrupted waits for a word first. */
export async function deliverLeadMessages(recorder: Recorder, signal: AbortSignal): Promise<void> {
	const {state} = recorder;
	const agent = leadOf(state);
	if (state.leadInterrupted) {
		await waitForMessage(recorder, {agent}, () => messagesToLead(state).length > 0, signal);
	}

	for (const {id} of messagesToLead(state)) {
		recorder.emit({type: 'message-delivered', agent, message: id, turn: 1});
	}
}

/** Puts an edited plan in place of the one that waits for a decision; its problems, when it has some. */
export function revisePlan(
	recorder: Recorder,
	value: unknown,
	receipt: FromInbox,
): string | undefined {
	const {state} = recorder;
	const waits = openApprovals(state).some(({subject}) => subject.kind === 'plan');
	if (!state.plan || !waits) {
		return 'no plan waits for a decision, so there is none to edit';
	}

	const revision = state.plan.revision + 1;
	if (revision > maxRevisions) {
		return `the plan went through ${maxRevisions} revisions, and there is no other`;
	}

	const parsed = parsePlan(value);
	const problems = parsed.ok ? revisionProblems(parsed.plan, state) : parsed.problems;
	if (!parsed.ok || problems.length > 0) {
		return `the plan cannot be used:\n${formatProblems(problems)}`;
	}

	const text = JSON.stringify(parsed.plan);
	if (recorder.redact(text) !== text) {
		return 'the plan holds what looks like a secret, which is never written down';
	}

	recorder.emit({
		type: 'plan-proposed',
		revision,
		hash: planHash(parsed.plan),
		plan: recorder.keep(text),
		origin: 'person',
		...receipt,
	});
	return undefined;
}

/** The revision that what is told to the lead now would lead to. */
function revisionFor({leadInterrupted, plan, planning}: RunState): number {
	return planning === undefined
		? (plan?.revision ?? 0) + 1
		: leadInterrupted
			? planning
			: planning + 1;
}

/** What the person has told the lead and it has not been given yet. */
function messagesToLead(state: RunState): readonly MessageState[] {
	const lead = leadOf(state);
	return [...state.messages.values()].filter(
		({delivered, from, to}) => !delivered && from === 'person' && to === lead,
	);
}

function leadOf({team}: RunState): string {
	return team?.lead.name ?? '';
}
