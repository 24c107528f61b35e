import type {AgentDelta} from '../core/run.ts';
import {FailureError} from '../core/failure.ts';
import {isFinal} from '../core/run-state.ts';
import type {ReceivedMessage} from '../agents/agent.ts';
import type {Approvals} from './approvals.ts';
import type {AttemptContext} from './attempt-context.ts';
import type {Budget} from './budget.ts';
import type {Gate} from './gate.ts';
import type {Journal, SessionKey} from './journal.ts';
import type {Recorder} from './recorder.ts';
import {waitFor} from './wait-for.ts';

export type ContextParts = {
	readonly recorder: Recorder;
	readonly redact: (text: string) => string;
	readonly approvals: Approvals;
	readonly budget: Budget;
	readonly gates: (endpoint: string, limit: number) => Gate;
	readonly reached: Set<string>;
	readonly journal: Journal;
	readonly stream: (delta: AgentDelta) => void;
};

/** The context of an attempt (or of the lead) in this process: it writes straight to the log. */
export function createContext(
	parts: ContextParts,
	session: SessionKey,
	agent: string,
	signal: AbortSignal,
): AttemptContext {
	const {recorder, approvals, budget, gates, journal} = parts;
	const {state} = recorder;
	return {
		emit: recorder.emit,
		barrier: recorder.barrier,
		keep: recorder.keep,
		keepBlob: recorder.keepBlob,
		read: recorder.read,
		redact: parts.redact,
		ask: async subject => approvals.ask(subject, signal),
		reserve: async (input, maxOutput) => budget.reserve(input, maxOutput, signal),
		async gate(endpoint, limit, onWait) {
			if (state.status === 'paused') {
				recorder.emit({type: 'agent-waiting', agent, ...session, for: 'paused'});
				await waitFor(recorder, () => (state.status === 'paused' ? undefined : true), signal);
				recorder.emit({type: 'agent-resumed', agent, ...session});
			}

			const gate = gates(endpoint, limit);
			if (gate.full) {
				onWait();
			}

			return gate.enter(signal);
		},
		receiveMessages: async turn => receive(parts, session, agent, turn),
		sendMessage: (to, text) => send(recorder, agent, to, text),
		stream(delta) {
			parts.stream(delta);
			recorder.log.transcribe(delta.agent, delta.text);
		},
		reached: parts.reached,
		journal,
		signal,
	};
}

/** Puts a message into the log; throws `bad-call` for an addressee that is not there. */
export function send(
	recorder: Recorder,
	from: string,
	to: string,
	text: string,
	inbox?: string,
): string {
	const {state} = recorder;
	// The lead does not listen while its plan is carried out.
	const agents = (state.team?.teammates ?? []).map(({name}) => name);
	const subtask = state.subtasks.get(to);
	if (!agents.includes(to) && (!subtask || isFinal(subtask.status))) {
		throw new FailureError(
			'bad-call',
			`nobody is called "${to}"; there are: ${[...agents, ...state.subtasks.keys()].join(', ')}`,
		);
	}

	const message = `m${state.messages.size + 1}`;
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

async function receive(
	{recorder, journal}: ContextParts,
	session: SessionKey,
	agent: string,
	turn: number,
): Promise<readonly ReceivedMessage[]> {
	const {messages} = recorder.state;
	const logged = journal.messagesAt(session, turn);
	const ids =
		logged ??
		[...messages.values()]
			.filter(({to, delivered}) => !delivered && (to === agent || to === session.subtask))
			.map(({id}) => id);
	const received: ReceivedMessage[] = [];
	for (const id of ids) {
		const message = messages.get(id);
		if (!message) {
			continue;
		}

		if (!logged) {
			recorder.emit({type: 'message-delivered', agent, ...session, message: id, turn});
		}

		const text = (await recorder.read(message.text)) ?? '(this message was lost in a crash)';
		const who = message.from === 'person' ? 'the person you work for' : `${message.from}, an agent`;
		received.push({id, from: who, text});
	}

	return received;
}
