import type {Admission, AttemptContext} from '../attempt/attempt-context.ts';
import type {SessionEventBody} from '../attempt/session-event.ts';
import type {Recorder} from '../log/recorder.ts';
import {waitForState} from '../wait-for-state.ts';
import type {Budget, Reservation} from './budget.ts';
import type {CallPermit, CallWait, Endpoints} from './endpoints.ts';

/** Admits the calls of one session to endpoints and budget; logs each wait. */
export function createAdmissions(
	{
		recorder,
		budget,
		endpoints,
	}: {readonly recorder: Recorder; readonly budget: Budget; readonly endpoints: Endpoints},
	emit: (body: SessionEventBody) => void,
): {readonly admit: AttemptContext['admitCall']; readonly end: AttemptContext['endCall']} {
	const {state, clock} = recorder;
	const open = new Map<string, {permit: CallPermit; reservation: Reservation}>();
	let count = 0;
	const isPaused = () => state.status === 'paused';

	const enter = async (
		{route, patienceMs}: Parameters<AttemptContext['admitCall']>[0],
		signal: AbortSignal,
	): Promise<CallPermit> => {
		for (;;) {
			if (isPaused()) {
				emit({type: 'agent-waiting', for: 'paused'});
				await waitForState(recorder, () => (isPaused() ? undefined : true), signal);
				emit({type: 'agent-resumed'});
			}

			let waited = false;
			const onWait = ({reason, detail, ms}: CallWait) => {
				waited = true;
				const until = ms === undefined ? {} : {until: new Date(clock.now() + ms).toISOString()};
				emit({type: 'agent-waiting', for: reason, detail, ...until});
			};
			const permit = await endpoints.enter(route, onWait, signal, patienceMs);
			if (waited) {
				emit({type: 'agent-resumed'});
			}

			// The run may have been paused while the call waited for its slot.
			if (!isPaused()) {
				return permit;
			}

			permit.abandon();
		}
	};

	const reserve = async (
		{reservation}: Parameters<AttemptContext['admitCall']>[0],
		signal: AbortSignal,
	): Promise<Reservation> => {
		let waited = false;
		const held = await budget.reserve(reservation, signal, () => {
			waited = true;
			const detail = 'the rest is reserved by other calls';
			emit({type: 'agent-waiting', for: 'budget', detail});
		});
		if (waited) {
			emit({type: 'agent-resumed'});
		}

		return held;
	};

	return {
		async admit(call, signal): Promise<Admission> {
			const permit = await enter(call, signal);
			try {
				const reservation = await reserve(call, signal);
				count += 1;
				const id = String(count);
				open.set(id, {permit, reservation});
				const {maxOutputTokens, held} = reservation;
				return {id, maxOutputTokens, held};
			} catch (error) {
				permit.abandon();
				throw error;
			}
		},
		end(id, outcome) {
			const call = open.get(id);
			if (!call) {
				return;
			}

			open.delete(id);
			call.reservation.settle();
			switch (outcome.kind) {
				case 'answered':
					call.permit.succeeded();
					break;
				case 'failed':
					call.permit.failed(outcome.failure);
					break;
				case 'abandoned':
					call.permit.abandon();
					break;
			}
		},
	};
}
