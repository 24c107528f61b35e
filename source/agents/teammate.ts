import {textOf, toolCallsOf, type Answer, type Message} from '../core/chat.ts';
import {FailureError, isUnusableAnswer, type Failure, type FailureKind} from '../core/failure.ts';
import type {ModelRequest, Teammate, TeammateEnd, TeammateSession} from './agent.ts';
import {nudgeForCallInText} from './call-in-text.ts';
import {compactConversation, highestLevel, levelFor} from './compaction.ts';
import {createLoopBreaker} from './loop-breaker.ts';
import {subtaskPrompt, teammateSystemPrompt} from './prompts.ts';
import {runCalls, toMessage} from './run-calls.ts';
import * as words from './teammate-words.ts';

/** Times that checks may be red in one attempt before it counts as failed. */
export const verificationTries = 3;

/** Answers without a call that could be made, in a row, before an attempt is given up. */
const silentTurns = 3;

/** The teammate: request, tool calls, results, until `finish` is verified or a limit is met. */
export const workOnSubtask: Teammate = async (brief, session) => {
	let messages: readonly Message[] = [{role: 'user', text: subtaskPrompt(brief)}];
	const tell = (...more: readonly Message[]) => {
		messages = [...messages, ...more];
	};
	const tellUser = (text: string) => {
		tell({role: 'user', text});
	};

	const breaker = createLoopBreaker();
	let red = 0;
	let silent = 0;
	let withhold = false;
	// Turns that the person ended are not held against it.
	let maxTurns = session.maxTurns;
	for (let turn = 1; turn <= maxTurns; turn++) {
		for (const message of await session.receiveMessages(turn)) {
			tellUser(`Message from ${message.from}:\n${message.text}`);
		}

		const toolChoice = withhold ? 'none' : silent > 0 ? 'required' : 'auto';
		const heard = await ask(session, turn, messages, toolChoice);
		({messages} = heard);
		if (heard.kind === 'interrupted') {
			maxTurns += 1;
			tellUser(words.interrupted);
			continue;
		}

		if (heard.kind === 'no-answer') {
			silent += 1;
			if (silent >= silentTurns) {
				return failed(heard.failure.kind, heard.failure.message, turn);
			}

			tellUser(words.nudgeAfter(heard.failure.kind));
			continue;
		}

		const {answer} = heard;
		if (answer.stopReason === 'refusal') {
			return failed('content-filtered', 'the model refused to go on', turn);
		}

		tell(answer.message);
		const calls = toolCallsOf(answer.message);
		const wasEnded = session.interrupted(turn);
		if (answer.stopReason === 'pause' && calls.length === 0) {
			continue;
		}

		const wasCut = answer.stopReason === 'max-tokens' || answer.stopReason === 'context-full';
		const isSilent = calls.length === 0 || wasCut;
		silent = isSilent && !withhold && !wasEnded ? silent + 1 : 0;
		if (silent >= silentTurns) {
			return failed('bad-call', words.silentFor(silentTurns, wasCut), turn);
		}

		if (calls.length === 0) {
			withhold = false;
			maxTurns += wasEnded ? 1 : 0;
			tellUser(wasEnded ? words.interrupted : nudge(answer, session, wasCut));
			continue;
		}

		// The last call of an answer that was cut may be half of what was meant.
		if (withhold || wasCut) {
			const text = wasCut ? words.cut : words.withheld;
			tell(...calls.map(call => toMessage(call, {ok: false, text})));
			withhold = false;
			continue;
		}

		const outcome = await runCalls(calls, turn, session, breaker.record);
		if (outcome.finished) {
			return {kind: 'finished', ...outcome.finished, turns: turn};
		}

		tell(...outcome.replies);
		if (session.interrupted(turn)) {
			maxTurns += 1;
			tellUser(words.interrupted);
			continue;
		}

		red += outcome.red === undefined ? 0 : 1;
		if (red >= verificationTries) {
			const message = `its checks are still red after ${red} tries`;
			return {...failed('check-failed', message, turn), report: outcome.red};
		}

		if (outcome.verdict === 'end') {
			return failed('bad-call', words.noFurther, turn);
		}

		withhold = outcome.verdict === 'withhold-tools';
		if (withhold) {
			tellUser(words.circles);
		}
	}

	return failed(
		'limit-reached',
		`the attempt used all of its ${session.maxTurns} turns`,
		session.maxTurns,
	);
};

/** What came of asking the model, and the conversation, which may have had to be made shorter. */
type Heard = {readonly messages: readonly Message[]} & (
	| {readonly kind: 'answer'; readonly answer: Answer}
	| {readonly kind: 'interrupted'}
	/** The model was there and gave nothing that can be used: it is told so. */
	| {readonly kind: 'no-answer'; readonly failure: Failure}
);

async function ask(
	session: TeammateSession,
	turn: number,
	conversation: readonly Message[],
	toolChoice: ModelRequest['toolChoice'],
): Promise<Heard> {
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

/** What to tell a model that called nothing: also how the call looks that it may have meant. */
function nudge({message}: Answer, {tools}: TeammateSession, wasCut: boolean): string {
	return (wasCut ? undefined : nudgeForCallInText(textOf(message), tools)) ?? words.nudge(wasCut);
}

function failed(
	kind: FailureKind,
	message: string,
	turns: number,
): Extract<TeammateEnd, {kind: 'failed'}> {
	return {kind: 'failed', failure: {kind, message}, turns};
}
