import {planHash} from '../core/plan.ts';
import {formatProblems, parsePlan} from '../core/plan-problems.ts';
import {maxRevisions, revisionProblems} from '../core/revision.ts';
import {openApprovals} from '../core/open-approvals.ts';
import type {RunState} from '../core/run-state.ts';
import type {MessageState} from '../core/run-state-entries.ts';
import {sanitizeLine, shorten} from '../core/text.ts';
import {logMessage, waitForMessage} from './messages.ts';
import type {Recorder} from './log/recorder.ts';

/** The inbox id of the command, if it came from the inbox. */
type FromInbox = {readonly inbox?: string};

/**
 * Logs a message to the lead and requests a revision of the plan. Returns the reason if refused: no
 * revisions left.
 */
export function messageLead(
	recorder: Recorder,
	text: string,
	receipt: FromInbox,
): string | undefined {
	const {state} = recorder;
	if (revisionFor(state) > maxRevisions) {
		return revisionLimit;
	}

	logMessage(recorder, {from: 'person', to: leadOf(state), text}, receipt.inbox);
	requestRevision(recorder);
	return undefined;
}

/**
 * Requests a revision if there is a plan and the lead has undelivered messages, unless one is already
 * requested or in progress.
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

/** Delivers the person's messages to the lead; after an interruption, waits for one first. */
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

/** Replaces the plan that awaits approval with an edited one. Returns the reason if refused. */
export function revisePlan(
	recorder: Recorder,
	value: unknown,
	receipt: FromInbox,
): string | undefined {
	const {state} = recorder;
	const waits = openApprovals(state).some(({subject}) => subject.kind === 'plan');
	if (!state.plan || !waits) {
		return 'no plan is awaiting approval';
	}

	const revision = state.plan.revision + 1;
	if (revision > maxRevisions) {
		return revisionLimit;
	}

	const parsed = parsePlan(value);
	const problems = parsed.ok ? revisionProblems(parsed.plan, state) : parsed.problems;
	if (!parsed.ok || problems.length > 0) {
		return `invalid plan:\n${formatProblems(problems)}`;
	}

	const text = JSON.stringify(parsed.plan);
	if (recorder.redact(text) !== text) {
		return 'the plan seems to contain a secret; secrets are never stored';
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

const revisionLimit = `the plan reached the limit of ${maxRevisions} revisions`;

/** The revision that a message to the lead would lead to now. */
function revisionFor({leadInterrupted, plan, planning}: RunState): number {
	return planning === undefined
		? (plan?.revision ?? 0) + 1
		: leadInterrupted
			? planning
			: planning + 1;
}

/** The person's undelivered messages to the lead. */
function messagesToLead(state: RunState): readonly MessageState[] {
	const lead = leadOf(state);
	return [...state.messages.values()].filter(
		({delivered, from, to}) => !delivered && from === 'person' && to === lead,
	);
}

function leadOf({team}: RunState): string {
	return team?.lead.name ?? '';
}
