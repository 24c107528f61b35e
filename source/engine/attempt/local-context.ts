import type {AgentDelta} from '../../core/run.ts';
import {askFor, type Approvals} from '../approvals.ts';
import type {History} from '../log/history.ts';
import type {Recorder} from '../log/recorder.ts';
import {deliverMessages, hasMessageFromPerson, sendMessage, waitForMessage} from '../messages.ts';
import {createAdmissions} from '../model/admissions.ts';
import type {Budget} from '../model/budget.ts';
import type {Endpoints} from '../model/endpoints.ts';
import type {OpenTurns} from '../open-turns.ts';
import type {AttemptContext} from './attempt-context.ts';
import {bindScope, type SessionKey} from './session-event.ts';
import {describeTeam} from './team-state.ts';

export type ContextParts = {
	readonly recorder: Recorder;
	readonly approvals: Approvals;
	readonly budget: Budget;
	readonly endpoints: Endpoints;
	readonly history: History;
	readonly turns: OpenTurns;
	readonly stream: (delta: AgentDelta) => void;
};

/** Close it when the session ends. */
export type LocalContext = AttemptContext & {close(): void};

/** The context of an attempt (or the lead) in this process; writes directly to the log. */
export function createLocalContext(
	parts: ContextParts,
	{agent, ...key}: SessionKey & {readonly agent: string},
	signal: AbortSignal,
): LocalContext {
	const {recorder, history} = parts;
	const {state} = recorder;
	const who = {agent, ...key};
	const turns = parts.turns.open(agent, {session: key, isReplaying: history.hasTurns(key), signal});
	const bound = bindScope(recorder.emit, who);
	const emit: AttemptContext['emit'] = body => {
		turns.markLive();
		bound(body);
		if (body.type === 'agent-finished') {
			turns.close();
		}
	};
	const {admit, end} = createAdmissions(parts, emit);
	return {
		emit,
		putBlob(text) {
			recorder.keepBlob(text);
		},
		barrier: recorder.barrier,
		readBlob: async hash => recorder.read({blob: hash, bytes: 0}),
		history: async () => history.of(key.subtask),
		ask: async (subject, ending) =>
			askFor(who, subject, {approvals: parts.approvals, recorder, signal: ending}),
		admitCall: admit,
		endCall: end,
		mayRetry: async route => parts.endpoints.mayRetry(route),
		teamState: async () => describeTeam(state),
		async beginTurn(start, ending) {
			if (start.afterInterruption === true) {
				await waitForMessage(recorder, who, () => hasMessageFromPerson(state, who), ending);
			}

			turns.begin(start.turn);
			return key.subtask === undefined ? [] : deliverMessages(recorder, who, start);
		},
		onInterrupt: turns.onInterrupt,
		async sendMessage(to, text) {
			return sendMessage(recorder, {from: agent, to, text});
		},
		stream(delta) {
			parts.stream(delta);
			if (delta.kind !== 'output') {
				recorder.log.transcribe(delta.agent, delta.kind, delta.text);
			}
		},
		signal,
		close: turns.close,
	};
}
