import type {ToolCall, ToolMessage} from '../core/chat.ts';
import type {Json} from '../core/json.ts';
import type {TeammateSession, ToolReply} from './agent.ts';
import type {LoopBreaker, LoopVerdict} from './loop-breaker.ts';

/** Results of the calls of one answer. */
export type CallsOutcome = {
	readonly replies: readonly ToolMessage[];
	readonly verdict: LoopVerdict;
	/** Whether a tool changed the workspace. */
	readonly changed: boolean;
	/** The report of failed checks. */
	readonly red: string | undefined;
	readonly finished: {summary: string; outputs: Readonly<Record<string, Json>>} | undefined;
};

/** Adjacent reads run in parallel, everything else in the order of the answer, `finish` last. */
export async function runCalls(
	calls: readonly ToolCall[],
	turn: number,
	session: TeammateSession,
	record: LoopBreaker['record'],
): Promise<CallsOutcome> {
	const replies = new Map<ToolCall, ToolReply>();
	const isFinish = (call: ToolCall) => session.effectOf(call.name) === 'finish';
	for (const group of groupReads(
		calls.filter(call => !isFinish(call)),
		session,
	)) {
		const results = await Promise.all(group.map(async call => session.runTool(call, turn)));
		for (const [index, call] of group.entries()) {
			replies.set(call, results[index] ?? {ok: false, text: '', changed: false});
		}
	}

	const changed = [...replies.values()].some(reply => reply.changed);
	let red: string | undefined;
	for (const call of calls.filter(isFinish)) {
		const reply = await session.runTool(call, turn);
		if (!reply.ok) {
			replies.set(call, reply);
			continue;
		}

		const {passed, report} = await session.verify(turn);
		if (passed) {
			return {replies: [], verdict: 'continue', changed, red, finished: finishOf(call)};
		}

		red = report;
		replies.set(call, {ok: false, text: report, changed: true});
	}

	if (session.interrupted(turn)) {
		const messages = calls.map(call => toMessage(call, replies.get(call)));
		return {replies: messages, verdict: 'continue', changed, red: undefined, finished: undefined};
	}

	// Equal calls of one answer count as one: the model had not seen a result yet.
	const different = new Map(calls.map(call => [`${call.name} ${call.argumentsText}`, call]));
	const verdicts = [...different.values()].map(call =>
		record({
			name: call.name,
			argumentsText: call.argumentsText,
			result: replies.get(call)?.text ?? '',
			changed: replies.get(call)?.changed ?? false,
		}),
	);
	return {
		replies: calls.map(call => toMessage(call, replies.get(call))),
		verdict: verdicts.find(v => v === 'end') ?? verdicts.find(v => v !== 'continue') ?? 'continue',
		changed,
		red,
		finished: undefined,
	};
}

function groupReads(calls: readonly ToolCall[], session: TeammateSession): readonly ToolCall[][] {
	const groups: ToolCall[][] = [];
	for (const call of calls) {
		const last = groups.at(-1);
		const before = last?.[0];
		const together =
			before !== undefined &&
			session.effectOf(before.name) === 'read' &&
			session.effectOf(call.name) === 'read';
		if (together) {
			last?.push(call);
		} else {
			groups.push([call]);
		}
	}

	return groups;
}

/** The result of a call, as shown to the model. */
export function toMessage(
	call: ToolCall,
	reply: Pick<ToolReply, 'ok' | 'text'> | undefined,
): ToolMessage {
	return {
		role: 'tool',
		callId: call.id,
		name: call.name,
		text: reply?.text ?? 'Not run.',
		isError: reply?.ok !== true,
	};
}

function finishOf(call: ToolCall): {summary: string; outputs: Readonly<Record<string, Json>>} {
	const {summary, outputs} = call.arguments ?? {};
	return {
		summary: typeof summary === 'string' ? summary : '',
		outputs:
			typeof outputs === 'object' && outputs !== null && !Array.isArray(outputs)
				? (outputs as Readonly<Record<string, Json>>)
				: {},
	};
}
