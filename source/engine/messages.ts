import {FailureError} from '../core/failure.ts';
import {agentNames, isFinal, type RunState} from '../core/run-state.ts';
import type {MessageState} from '../core/run-state-entries.ts';
import type {ReceivedMessage} from '../agents/agent.ts';
import type {TurnStart} from './attempt/attempt-context.ts';
import type {SessionKey} from './attempt/session-event.ts';
import type {Recorder} from './log/recorder.ts';
import {waitForState} from './wait-for-state.ts';

type Agent = SessionKey & {readonly agent: string};

/** Logs a message and returns its id; throws `bad-call` for an unknown recipient. */
export function sendMessage(
	recorder: Recorder,
	message: {readonly from: string; readonly to: string; readonly text: string},
	inbox?: string,
): string {
	const {state} = recorder;
	const {from, to} = message;
	// Only the person can write to the lead.
	const agents = (state.team?.teammates ?? []).map(({name}) => name);
	const subtask = state.subtasks.get(to);
	if (!agents.includes(to) && (!subtask || isFinal(subtask.status))) {
		throw new FailureError(
			'bad-call',
			`nobody is called "${to}"; there are: ${[...(from === 'person' ? agentNames(state) : agents), ...state.subtasks.keys()].join(', ')}`,
		);
	}

	return logMessage(recorder, message, inbox);
}

/** Logs a message without checking the recipient; returns its id. */
export function logMessage(
	recorder: Recorder,
	{from, to, text}: {readonly from: string; readonly to: string; readonly text: string},
	inbox?: string,
): string {
	const message = `m${recorder.state.messages.size + 1}`;
	recorder.emit({
		type: 'message-sent',
		message,
		from,
		to,
		text: recorder.keep(text),
		...(inbox === undefined ? {} : {inbox}),
	});
	return message;
}

/**
 * The messages to deliver before a turn: those that an earlier process delivered, or else all
 * undelivered ones, which are logged as delivered.
 */
export async function deliverMessages(
	recorder: Recorder,
	who: Agent,
	{turn, delivered}: TurnStart,
): Promise<readonly ReceivedMessage[]> {
	const {messages} = recorder.state;
	const ids = delivered ?? waitingMessages(recorder.state, who).map(({id}) => id);
	const received: ReceivedMessage[] = [];
	for (const id of ids) {
		const message = messages.get(id);
		if (!message) {
			continue;
		}

		if (!delivered) {
			recorder.emit({type: 'message-delivered', ...who, message: id, turn});
		}

		const text = (await recorder.read(message.text)) ?? '(this message was lost in a crash)';
		const from =
			message.from === 'person' ? 'the person you work for' : `${message.from}, an agent`;
		received.push({id, from, text});
	}

	return received;
}

/** Whether the agent has an undelivered message from the person. */
export function hasMessageFromPerson(state: RunState, who: Agent): boolean {
	return waitingMessages(state, who).some(({from}) => from === 'person');
}

/** Waits, after an interruption, for a message from the person. */
export async function waitForMessage(
	recorder: Recorder,
	who: Agent,
	hasMessage: () => boolean,
	signal: AbortSignal,
): Promise<void> {
	if (!hasMessage()) {
		const detail = 'you interrupted it; send a message to continue';
		recorder.emit({type: 'agent-waiting', ...who, for: 'message', detail});
		await waitForState(recorder, () => hasMessage() || undefined, signal);
		recorder.emit({type: 'agent-resumed', ...who});
	}
}

/** Undelivered messages to an agent or to its subtask. */
function waitingMessages({messages}: RunState, {subtask, agent}: Agent): readonly MessageState[] {
	return [...messages.values()].filter(
		({to, delivered}) => !delivered && (to === agent || to === subtask),
	);
}
