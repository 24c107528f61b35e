import {toolCallsOf, type Message, type ToolCall, type ToolMessage} from '../core/chat.ts';
import type {FailureKind} from '../core/failure.ts';
import type {Json} from '../core/json.ts';
import type {ModelRequest, Teammate, TeammateEnd, TeammateSession, ToolReply} from './agent.ts';
import {createLoopBreaker, type LoopVerdict} from './loop-breaker.ts';
import {subtaskPrompt, teammateSystemPrompt} from './prompts.ts';

/** Times that checks may be red in one attempt before it counts as failed. */
export const verificationTries = 3;

/** Answers without a tool call in a row before an attempt is given up. */
const silentTurns = 3;

/** The teammate: request, tool calls, results, until `finish` is verified or a limit is met. */
export const workOnSubtask: Teammate = async (brief, session) => {
	const messages: Message[] = [{role: 'user', text: subtaskPrompt(brief)}];
	const breaker = createLoopBreaker();
	let red = 0;
	let silent = 0;
	let withhold = false;
	// Turns that the person ended are not held against it.
	let maxTurns = session.maxTurns;
	for (let turn = 1; turn <= maxTurns; turn++) {
		for (const message of await session.receiveMessages(turn)) {
			messages.push({role: 'user', text: `Message from ${message.from}:\n${message.text}`});
		}

		const request: ModelRequest = {
			system: teammateSystemPrompt,
			messages: [...messages],
			tools: session.tools,
			toolChoice: withhold ? 'none' : 'auto',
		};
		const answer = await session.call(request, turn).catch((error: unknown) => {
			if (session.interrupted(turn)) {
				return undefined;
			}

			throw error;
		});
		if (!answer) {
			maxTurns += 1;
			messages.push({role: 'user', text: interrupted});
			continue;
		}

		if (answer.stopReason === 'refusal') {
			return failed('content-filtered', 'the model refused to go on', turn);
		}

		messages.push(answer.message);
		const calls = toolCallsOf(answer.message);
		const cut = session.interrupted(turn);
		silent = calls.length === 0 && !withhold && !cut ? silent + 1 : 0;
		if (silent >= silentTurns) {
			return failed('bad-call', `the model called no tool in ${silentTurns} answers`, turn);
		}

		if (calls.length === 0) {
			withhold = false;
			maxTurns += cut ? 1 : 0;
			messages.push({role: 'user', text: cut ? interrupted : nudge(answer.stopReason)});
			continue;
		}

		if (withhold) {
			withhold = false;
			messages.push(...calls.map(call => toMessage(call, {ok: false, text: withheld})));
			continue;
		}

		const outcome = await runCalls(calls, turn, session, breaker.record);
		if (outcome.finished) {
			return {kind: 'finished', ...outcome.finished, turns: turn};
		}

		messages.push(...outcome.replies);
		if (session.interrupted(turn)) {
			maxTurns += 1;
			messages.push({role: 'user', text: interrupted});
			continue;
		}

		red += outcome.red === undefined ? 0 : 1;
		if (red >= verificationTries) {
			const message = `its checks are still red after ${red} tries`;
			return {...failed('check-failed', message, turn), report: outcome.red};
		}

		if (outcome.verdict === 'end') {
			return failed(
				'bad-call',
				'the model repeated the same call without getting any further',
				turn,
			);
		}

		withhold = outcome.verdict === 'withhold-tools';
		if (withhold) {
			messages.push({role: 'user', text: circles});
		}
	}

	return failed(
		'limit-reached',
		`the attempt used all of its ${session.maxTurns} turns`,
		session.maxTurns,
	);
};

type Outcome = {
	readonly replies: readonly ToolMessage[];
	readonly verdict: LoopVerdict;
	/** The report of red checks. */
	readonly red: string | undefined;
	readonly finished: {summary: string; outputs: Readonly<Record<string, Json>>} | undefined;
};

/** Neighbouring reads run together, everything else in the order of the answer, `finish` last. */
async function runCalls(
	calls: readonly ToolCall[],
	turn: number,
	session: TeammateSession,
	record: ReturnType<typeof createLoopBreaker>['record'],
): Promise<Outcome> {
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

	let red: string | undefined;
	for (const call of calls.filter(isFinish)) {
		const reply = await session.runTool(call, turn);
		if (!reply.ok) {
			replies.set(call, reply);
			continue;
		}

		const {passed, report} = await session.verify(turn);
		if (passed) {
			return {replies: [], verdict: 'go-on', red: undefined, finished: finishOf(call)};
		}

		red = report;
		replies.set(call, {ok: false, text: report, changed: true});
	}

	if (session.interrupted(turn)) {
		const messages = calls.map(call => toMessage(call, replies.get(call)));
		return {replies: messages, verdict: 'go-on', red: undefined, finished: undefined};
	}

	// Equal calls of one answer are one: they had no result yet that could have taught anything.
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
		verdict: verdicts.find(v => v === 'end') ?? verdicts.find(v => v !== 'go-on') ?? 'go-on',
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

function toMessage(call: ToolCall, reply: Pick<ToolReply, 'ok' | 'text'> | undefined): ToolMessage {
	return {
		role: 'tool',
		callId: call.id,
		name: call.name,
		text: reply?.text ?? '',
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

function failed(
	kind: FailureKind,
	message: string,
	turns: number,
): Extract<TeammateEnd, {kind: 'failed'}> {
	return {kind: 'failed', failure: {kind, message}, turns};
}

function nudge(stopReason: string): string {
	return stopReason === 'max-tokens'
		? 'Your answer was cut because it was too long. Go on in smaller steps: one tool call at a time.'
		: 'Nothing happens without a tool call. Call a tool, or call finish when the subtask is done.';
}

const interrupted =
	'The person you work for interrupted your last turn; what had begun in it was ended. Go on as they tell you now.';

const withheld =
	'Not run: tools are withheld for this turn. Say in words what you will do differently.';

const circles =
	'You repeated calls that changed nothing, so tools are withheld for this turn. Say in words what you have learned and what you will do differently.';
