import {textOf, toolCallsOf, type Answer, type Message} from '../core/chat.ts';
import {FailureError, isUnusableAnswer, type Failure, type FailureKind} from '../core/failure.ts';
import type {ModelRequest, Teammate, TeammateBrief, TeammateEnd, TeammateSession} from './agent.ts';
import {nudgeForCallInText} from './call-in-text.ts';
import {compactConversation, highestLevel, levelFor} from './compaction.ts';
import {createLoopBreaker} from './loop-breaker.ts';
import {subtaskPrompt, teammateSystemPrompt} from './prompts.ts';
import {runCalls, toMessage} from './run-calls.ts';
import {smallTeammateRequest} from './small-teammate.ts';
import * as words from './teammate-nudges.ts';

/** Failed verifications before an attempt fails. */
const verificationTries = 3;

/** Consecutive answers without a valid call before an attempt fails. */
const maxSilentTurns = 3;

/**
 * The teammate's loop. The checks decide what is done, not the words of the model: if it changed
 * something and then gave up, went in circles or reached a limit without `finish`, they are asked.
 */
export const workOnSubtask: Teammate = async (brief, session) => {
	const {end, hasUnverifiedChanges} = await workToTheEnd(brief, session);
	const mayBeDone =
		end.kind === 'failed' && gaveUp.has(end.failure.kind) && brief.checks.length > 0;
	if (!mayBeDone || !hasUnverifiedChanges) {
		return end;
	}

	const {passed, report} = await session.verify(end.turns);
	return passed
		? {kind: 'finished', summary: words.doneWithoutFinish, outputs: {}, turns: end.turns}
		: {...end, report};
};

/** Failures of a model that did not say that it is done. */
const gaveUp: ReadonlySet<FailureKind> = new Set([
	'bad-call',
	'empty-answer',
	'limit-reached',
	'output-cut',
]);

type Work = {
	readonly end: TeammateEnd;
	/** Whether the workspace changed since the checks ran last. */
	readonly hasUnverifiedChanges: boolean;
};

/** Request, tool calls, results, until `finish` is verified or a limit is reached. */
async function workToTheEnd(brief: TeammateBrief, session: TeammateSession): Promise<Work> {
	let messages: readonly Message[] = [{role: 'user', text: subtaskPrompt(brief)}];
	const append = (...more: readonly Message[]) => {
		messages = [...messages, ...more];
	};
	const appendUser = (text: string) => {
		append({role: 'user', text});
	};

	const breaker = createLoopBreaker();
	let red = 0;
	let silent = 0;
	let withhold = false;
	let hasUnverifiedChanges = false;
	const failed = (kind: FailureKind, message: string, turns: number): Work => ({
		end: {kind: 'failed', failure: {kind, message}, turns},
		hasUnverifiedChanges,
	});
	// Turns that the person ended don't count.
	let maxTurns = session.maxTurns;
	for (let turn = 1; turn <= maxTurns; turn++) {
		for (const message of await session.receiveMessages(turn)) {
			appendUser(`Message from ${message.from}:\n${message.text}`);
		}

		const toolChoice = withhold ? 'none' : silent > 0 ? 'required' : 'auto';
		const reply = await callModel(brief, session, turn, messages, toolChoice);
		({messages} = reply);
		if (reply.kind === 'interrupted') {
			maxTurns += 1;
			appendUser(words.interrupted);
			continue;
		}

		if (reply.kind === 'no-answer') {
			silent += 1;
			if (silent >= maxSilentTurns) {
				return failed(reply.failure.kind, reply.failure.message, turn);
			}

			appendUser(words.nudgeAfter(reply.failure));
			continue;
		}

		const {answer} = reply;
		if (answer.stopReason === 'refusal') {
			return failed('content-filtered', 'the model refused to go on', turn);
		}

		append(answer.message);
		const calls = toolCallsOf(answer.message);
		const wasEnded = session.interrupted(turn);
		if (answer.stopReason === 'pause' && calls.length === 0) {
			continue;
		}

		const wasCut = answer.stopReason === 'max-tokens' || answer.stopReason === 'context-full';
		const isSilent = calls.length === 0 || wasCut;
		silent = isSilent && !withhold && !wasEnded ? silent + 1 : 0;
		if (silent >= maxSilentTurns) {
			return failed('bad-call', words.silentFor(maxSilentTurns, wasCut), turn);
		}

		if (calls.length === 0) {
			withhold = false;
			maxTurns += wasEnded ? 1 : 0;
			appendUser(wasEnded ? words.interrupted : nudge(answer, session, wasCut));
			continue;
		}

		// The last call of a truncated answer may be incomplete.
		if (withhold || wasCut) {
			const text = wasCut ? words.cut : words.withheld;
			append(...calls.map(call => toMessage(call, {ok: false, text})));
			withhold = false;
			continue;
		}

		const outcome = await runCalls(calls, turn, session, breaker.record);
		if (outcome.finished) {
			const end = {kind: 'finished' as const, ...outcome.finished, turns: turn};
			return {end, hasUnverifiedChanges: false};
		}

		hasUnverifiedChanges = outcome.red === undefined && (hasUnverifiedChanges || outcome.changed);

		append(...outcome.replies);
		if (session.interrupted(turn)) {
			maxTurns += 1;
			appendUser(words.interrupted);
			continue;
		}

		red += outcome.red === undefined ? 0 : 1;
		if (red >= verificationTries) {
			const message = `its checks are still red after ${red} tries`;
			const failure = {kind: 'check-failed' as const, message};
			const end = {kind: 'failed' as const, failure, report: outcome.red, turns: turn};
			return {end, hasUnverifiedChanges: false};
		}

		if (outcome.verdict === 'end') {
			return failed('bad-call', words.noFurther, turn);
		}

		withhold = outcome.verdict === 'withhold-tools';
		if (withhold) {
			appendUser(words.circles);
		}
	}

	return failed(
		'limit-reached',
		`the attempt used all of its ${session.maxTurns} turns`,
		session.maxTurns,
	);
}

/** The result of a model call, and the conversation, which may have been compacted. */
type ModelReply = {readonly messages: readonly Message[]} & (
	| {readonly kind: 'answer'; readonly answer: Answer}
	| {readonly kind: 'interrupted'}
	/** The model gave an unusable answer; it is told why. */
	| {readonly kind: 'no-answer'; readonly failure: Failure}
);

async function callModel(
	brief: TeammateBrief,
	session: TeammateSession,
	turn: number,
	conversation: readonly Message[],
	toolChoice: ModelRequest['toolChoice'],
): Promise<ModelReply> {
	let messages = conversation;
	let level = 1;
	for (
		let earlier = await session.compaction(messages);
		earlier;
		earlier = await session.compaction(messages)
	) {
		messages = compactConversation(messages, earlier);
		level = earlier.level + 1;
	}

	for (; ; level++) {
		try {
			const answer = await session.call(
				{
					system: teammateSystemPrompt,
					messages,
					tools: session.tools,
					toolChoice,
					forSmallModel: smallTeammateRequest(brief, messages, session.tools),
				},
				turn,
			);
			return {kind: 'answer', answer, messages};
		} catch (error) {
			if (session.interrupted(turn)) {
				return {kind: 'interrupted', messages};
			}

			if (!(error instanceof FailureError)) {
				throw error;
			}

			if (isUnusableAnswer(error.kind)) {
				return {kind: 'no-answer', failure: error, messages};
			}

			if (error.kind !== 'context-overflow' || level > highestLevel) {
				throw error;
			}

			level = levelFor(messages, level);
			const cut = {turn, level, reason: error.message};
			const compaction = await session.compact(messages, cut);
			messages = compactConversation(messages, compaction);
		}
	}
}

/** Nudges a model that called no tool, with the correct form of the call it may have meant. */
function nudge({message}: Answer, {tools}: TeammateSession, wasCut: boolean): string {
	return (wasCut ? undefined : nudgeForCallInText(textOf(message), tools)) ?? words.nudge(wasCut);
}
