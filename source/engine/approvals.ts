import type {ApprovalSubject, Decision} from '../core/approval.ts';
import type {Clock} from '../core/clock.ts';
import {FailureError} from '../core/failure.ts';
import {canonicalJson} from '../core/json.ts';
import {decisionText, isOpenApproval, requestSummary} from '../core/open-approvals.ts';
import type {ApprovalState} from '../core/run-state-entries.ts';
import type {SessionScope} from './attempt/session-event.ts';
import type {Recorder} from './log/recorder.ts';
import {waitForState} from './wait-for-state.ts';

/** Requests and decisions, each logged as an event; the first decision wins. */
export type Approvals = {
	/**
	 * Requests a decision and waits for it. Decided immediately if the run is unattended (origin `nobody`)
	 * or the same call is always allowed; origin `deadline` if the time limit passes. Resolves with
	 * `undefined` when the request becomes void, for example because the plan is revised.
	 *
	 * @param onWait called with the request if there is no decision yet
	 */
	ask(
		subject: ApprovalSubject,
		signal: AbortSignal,
		onWait?: (request: ApprovalState) => void,
	): Promise<Decision | undefined>;
	/** Decides a request; returns the reason if refused: unknown, void or already decided. */
	decide(approval: string, decision: Decision, inbox?: string): string | undefined;
};

export function createApprovals(recorder: Recorder, clock: Clock): Approvals {
	const {state} = recorder;

	const decide: Approvals['decide'] = (approval, decision, inbox) => {
		const request = state.approvals.get(approval);
		if (!request) {
			return `unknown request "${approval}"`;
		}

		if (request.decision) {
			return `already ${decisionText(request.decision)}`;
		}

		if (!isOpenApproval(request, state)) {
			return 'no longer open: it belongs to an earlier revision, attempt or turn';
		}

		recorder.emit({
			type: 'approval-decided',
			approval,
			...decision,
			...(inbox === undefined ? {} : {inbox}),
		});
		return undefined;
	};

	return {
		decide,
		async ask(subject, signal, onWait) {
			const key = canonicalJson(subject);
			const known = [...state.approvals.values()].find(
				request =>
					canonicalJson(request.subject) === key &&
					!request.withdrawn &&
					(request.decision === undefined || request.decision.origin === 'person'),
			);
			const decided = known?.decision ?? decidedAlways(subject, state.approvals.values());
			if (decided) {
				await recorder.barrier();
				return decided;
			}

			const {decisionTimeoutMs: limit, attended} = recorder.settings();
			const id = known?.id ?? nextId(subject, state.approvals);
			if (!known) {
				const until = limit === null ? {} : {until: new Date(clock.now() + limit).toISOString()};
				recorder.emit({type: 'approval-requested', approval: id, subject, ...until});
			}

			if (!attended) {
				decide(id, {decision: 'reject', scope: 'once', origin: 'nobody'});
			}

			const request = state.approvals.get(id);
			if (request && !request.decision) {
				onWait?.(request);
			}

			return waitForDecision(recorder, id, signal, limit, clock, () => {
				decide(id, {decision: 'reject', scope: 'once', origin: 'deadline'});
			});
		},
	};
}

/** Requests a decision for an agent, and logs that the agent waits for it. */
export async function askFor(
	{agent, ...session}: SessionScope,
	subject: ApprovalSubject,
	{
		approvals,
		recorder,
		signal,
	}: {readonly approvals: Approvals; readonly recorder: Recorder; readonly signal: AbortSignal},
): Promise<Decision> {
	let waited = false;
	const decision = await approvals.ask(subject, signal, ({until}) => {
		if (agent !== undefined) {
			waited = true;
			recorder.emit({
				type: 'agent-waiting',
				agent,
				...session,
				for: 'approval',
				detail: requestSummary(subject),
				...(until === undefined ? {} : {until}),
			});
		}
	});
	if (!decision) {
		throw new FailureError(
			'cancelled',
			`the request is no longer open: ${requestSummary(subject)}`,
		);
	}

	if (waited && agent !== undefined) {
		recorder.emit({type: 'agent-resumed', agent, ...session});
	}

	return decision;
}

function decidedAlways(
	subject: ApprovalSubject,
	requests: Iterable<ApprovalState>,
): Decision | undefined {
	return [...requests].find(
		({subject: other, decision}) =>
			decision?.decision === 'approve' &&
			decision.scope === 'always' &&
			subject.kind === 'tool' &&
			other.kind === 'tool' &&
			other.tool === subject.tool &&
			other.detail === subject.detail,
	)?.decision;
}

function nextId(subject: ApprovalSubject, requests: ReadonlyMap<string, ApprovalState>): string {
	const wanted = subject.kind === 'plan' ? `plan-${subject.revision}` : `call-${requests.size + 1}`;
	return requests.has(wanted) ? `${wanted}-${requests.size + 1}` : wanted;
}

async function waitForDecision(
	recorder: Recorder,
	id: string,
	signal: AbortSignal,
	limitMs: number | null,
	clock: Clock,
	expire: () => void,
): Promise<Decision | undefined> {
	const timer = new AbortController();
	if (limitMs !== null) {
		clock.sleep(limitMs, timer.signal).then(expire, () => undefined);
	}

	try {
		const {state} = recorder;
		const check = () => {
			const request = state.approvals.get(id);
			return request?.decision ?? (request && isOpenApproval(request, state) ? undefined : 'void');
		};
		const decision = await waitForState(recorder, check, signal);
		await recorder.barrier();
		return decision === 'void' ? undefined : decision;
	} finally {
		timer.abort();
	}
}
