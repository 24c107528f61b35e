import type {ApprovalSubject, Decision} from '../core/approval.ts';
import type {Clock} from '../core/clock.ts';
import {canonicalJson} from '../core/json.ts';
import {isAwaited, type ApprovalState} from '../core/run-state.ts';
import type {RunSettings} from '../core/settings.ts';
import type {Recorder} from './recorder.ts';
import {waitFor} from './wait-for.ts';

/** Requests for decisions and the decisions on them, each as an event; the first decision wins. */
export type Approvals = {
	/**
	 * Asks and waits. Decided at once when nobody can answer (`nobody`), or when the same was allowed
	 * always; `deadline` when the time for decisions runs out.
	 */
	ask(subject: ApprovalSubject, signal: AbortSignal): Promise<Decision>;
	/** Decides; why not, when the request is unknown or was decided before. */
	decide(approval: string, decision: Decision, inbox?: string): string | undefined;
};

export function createApprovals(
	recorder: Recorder,
	settings: () => RunSettings,
	clock: Clock,
): Approvals {
	const {state} = recorder;

	const decide: Approvals['decide'] = (approval, decision, inbox) => {
		const request = state.approvals.get(approval);
		if (!request) {
			return `there is no request "${approval}"`;
		}

		if (request.decision) {
			return `already decided: ${request.decision.decision} by ${request.decision.origin}`;
		}

		if (!isAwaited(request, state)) {
			return 'nobody waits for it any more: it belongs to an earlier revision or attempt';
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
		async ask(subject, signal) {
			const key = canonicalJson(subject);
			const known = [...state.approvals.values()].find(
				request =>
					canonicalJson(request.subject) === key &&
					(request.decision === undefined || request.decision.origin === 'person'),
			);
			if (known?.decision) {
				return known.decision;
			}

			if (isAllowedAlways(subject, state.approvals.values())) {
				return {decision: 'approve', scope: 'always', origin: 'person'};
			}

			const {decisionTimeoutMs: limit, attended} = settings();
			const id = known?.id ?? nextId(subject, state.approvals);
			if (!known) {
				const until = limit === null ? {} : {until: new Date(clock.now() + limit).toISOString()};
				recorder.emit({type: 'approval-requested', approval: id, subject, ...until});
			}

			if (!attended) {
				decide(id, {decision: 'reject', scope: 'once', origin: 'nobody'});
			}

			return waitForDecision(recorder, id, signal, limit, clock, () => {
				decide(id, {decision: 'reject', scope: 'once', origin: 'deadline'});
			});
		},
	};
}

function isAllowedAlways(subject: ApprovalSubject, requests: Iterable<ApprovalState>): boolean {
	return (
		subject.kind === 'tool' &&
		[...requests].some(
			({subject: other, decision}) =>
				decision?.decision === 'approve' &&
				decision.scope === 'always' &&
				other.kind === 'tool' &&
				other.tool === subject.tool &&
				other.detail === subject.detail,
		)
	);
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
): Promise<Decision> {
	const timer = new AbortController();
	if (limitMs !== null) {
		clock.sleep(limitMs, timer.signal).then(expire, () => undefined);
	}

	try {
		const decided = () => recorder.state.approvals.get(id)?.decision;
		const decision = await waitFor(recorder, decided, signal);
		await recorder.barrier();
		return decision;
	} finally {
		timer.abort();
	}
}
