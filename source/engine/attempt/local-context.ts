import type {AgentDelta} from '../../core/run.ts';
import {FailureError} from '../../core/failure.ts';
import {agentNames, isFinal, type MessageState, type RunState} from '../../core/run-state.ts';
import type {ReceivedMessage} from '../../agents/agent.ts';
import {askFor, type Approvals} from '../approvals.ts';
import type {AttemptContext} from './attempt-context.ts';
import type {Budget} from '../model/budget.ts';
import type {Endpoints, CallWait} from '../model/endpoints.ts';
import type {Journal, SessionKey} from './journal.ts';
import type {ModelMemory} from '../model/model-memory.ts';
import type {Recorder} from '../log/recorder.ts';
import {describeTeam} from './team-state.ts';
import type {Turns} from './turns.ts';
import {waitFor} from '../wait-for.ts';

export type ContextParts = {
	readonly recorder: Recorder;
	readonly redact: (text: string) => string;
	readonly approvals: Approvals;
	readonly budget: Budget;
	readonly endpoints: Endpoints;
	readonly models: ModelMemory;
	readonly journal: Journal;
	readonly turns: Turns;
	readonly stream: (delta: AgentDelta) => void;
};

/** The context of an attempt (or of the lead) in this process: it writes straight to the log. */
export function createContext(
	parts: ContextParts,
	session: SessionKey,
	agent: string,
	signal: AbortSignal,
): AttemptContext {
	const {recorder, approvals, budget, endpoints, journal} = parts;
	const {state} = recorder;
	const turns = parts.turns.open(agent, session, signal);
	const emit: Recorder['emit'] = body => {
		turns.act();
		recorder.emit(body);
	};
	return {
		emit,
		turns,
		barrier: recorder.barrier,
		keep: recorder.keep,
		keepBlob: recorder.keepBlob,
		read: recorder.read,
		redact: parts.redact,
		ask: async subject =>
			askFor(agent, session, subject, {approvals, recorder, signal: turns.signal()}),
		async reserve(wish) {
			let waited = false;
			const reservation = await budget.reserve(wish, turns.signal(), () => {
				waited = true;
				const detail = 'the rest of the budget is held back for other calls';
				emit({type: 'agent-waiting', agent, ...session, for: 'budget', detail});
			});
			if (waited) {
				emit({type: 'agent-resumed', agent, ...session});
			}

			return reservation;
		},
		async gate(place, patienceMs) {
			const who = {agent, ...session};
			for (;;) {
				if (isPaused(state)) {
					emit({type: 'agent-waiting', ...who, for: 'paused'});
					const over = () => (state.status === 'paused' ? undefined : true);
					await waitFor(recorder, over, turns.signal());
					emit({type: 'agent-resumed', ...who});
				}

				let waited = false;
				const onHold = ({reason, detail, ms}: CallWait) => {
					waited = true;
					const until = ms === undefined ? {} : {until: timeIn(recorder, ms)};
					emit({type: 'agent-waiting', ...who, for: reason, detail, ...until});
				};
				const pass = await endpoints.enter(place, onHold, turns.signal(), patienceMs);
				if (waited) {
					emit({type: 'agent-resumed', ...who});
				}

				// It may have been paused while it waited for its place.
				if (!isPaused(state)) {
					return pass;
				}

				pass.leave();
			}
		},
		mayRetry: endpoints.mayRetry,
		models: parts.models,
		teamState: () => describeTeam(state),
		async receiveMessages(turn) {
			if (!journal.messagesAt(session, turn) && turns.interrupted(turn - 1)) {
				const word = () => waitingMessages(state, session, agent).find(isFromPerson);
				await waitForMessage(recorder, {agent, ...session}, word, signal);
			}

			turns.begin(turn);
			return receive(parts, session, agent, turn);
		},
		sendMessage: (to, text) => send(recorder, agent, to, text),
		stream(delta) {
			parts.stream(delta);
			if (delta.kind !== 'output') {
				recorder.log.transcribe(delta.agent, delta.kind, delta.text);
			}
		},
		journal,
		signal,
	};
}

function isPaused({status}: RunState): boolean {
	return status === 'paused';
}

function timeIn({clock}: Recorder, ms: number): string {
	return new Date(clock.now() + ms).toISOString();
}

/** An agent whose turn was interrupted waits until there is a message from the person. */
export async function waitForMessage(
	recorder: Recorder,
	who: SessionKey & {readonly agent: string},
	word: () => unknown,
	signal: AbortSignal,
): Promise<void> {
	if (word() === undefined) {
		const detail = 'you interrupted it; send it a message to go on';
		recorder.emit({type: 'agent-waiting', ...who, for: 'message', detail});
		await waitFor(recorder, word, signal);
		recorder.emit({type: 'agent-resumed', ...who});
	}
}

function isFromPerson({from}: MessageState): boolean {
	return from === 'person';
}

/** The messages to an agent, or to the subtask that it works on, that it has not been given yet. */
function waitingMessages(
	{messages}: RunState,
	{subtask}: SessionKey,
	agent: string,
): readonly MessageState[] {
	return [...messages.values()].filter(
		({to, delivered}) => !delivered && (to === agent || to === subtask),
	);
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
	// The lead listens to the person alone.
	const agents = (state.team?.teammates ?? []).map(({name}) => name);
	const subtask = state.subtasks.get(to);
	if (!agents.includes(to) && (!subtask || isFinal(subtask.status))) {
		throw new FailureError(
			'bad-call',
			`nobody is called "${to}"; there are: ${[...(from === 'person' ? agentNames(state) : agents), ...state.subtasks.keys()].join(', ')}`,
		);
	}

	return postMessage(recorder, from, to, text, inbox);
}

/** Puts a message into the log, to whomever. Returns its id. */
export function postMessage(
	recorder: Recorder,
	from: string,
	to: string,
	text: string,
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

async function receive(
	{recorder, journal}: ContextParts,
	session: SessionKey,
	agent: string,
	turn: number,
): Promise<readonly ReceivedMessage[]> {
	const {messages} = recorder.state;
	const logged = journal.messagesAt(session, turn);
	const ids = logged ?? waitingMessages(recorder.state, session, agent).map(({id}) => id);
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
