import type {ModelRequest} from '../source/agents/agent.ts';
import type {Answer, Message} from '../source/core/chat.ts';
import {callAnswer, faults, textAnswer, type Fault, type IntendedCall} from './faults.ts';

export type NoisyModelOptions = {
	/** The calls that solve the task, in order. */
	readonly steps: readonly IntendedCall[];
	/** Share of garbled answers, 0 to 1. */
	readonly share: number;
	/** Which faults may occur; default: all, equally often. */
	readonly kinds?: readonly string[] | undefined;
	/** A number in [0, 1). */
	readonly random: () => number;
};

/** Probability that a model repeats its mistake if it is only told that there was one. */
const stubbornness = 0.7;

/** The feedback if nobody explains the model's mistakes. */
export const unexplainedError = 'error';

/**
 * A model that knows what to do but often cannot express it. It makes the first call that has not
 * succeeded according to the conversation. If it is told what was wrong, it does not repeat the
 * mistake, but may garble its next answer in another way. If it is only told "error", it mostly
 * repeats itself. Without tools it talks, as requested.
 */
export function createNoisyModel({
	steps,
	share,
	kinds = Object.keys(faults),
	random,
}: NoisyModelOptions): (request: ModelRequest) => Answer {
	const pick = <Choice>(choices: readonly Choice[]): Choice => {
		const choice = choices[Math.floor(random() * choices.length)];
		if (choice === undefined) {
			throw new Error('nothing to pick from');
		}

		return choice;
	};
	/** The answers so far, and the intended steps of their calls. */
	const history: {readonly answer: Answer; readonly meant: readonly number[]}[] = [];

	return request => {
		const {messages, toolChoice} = request;
		if (toolChoice === 'none') {
			const answer = textAnswer(
				'I have learned that this does not help. I will go on with the next part.',
			);
			history.push({answer, meant: []});
			return answer;
		}

		const last = history.at(-1);
		const lastMessage = messages.at(-1);
		const knowsNothing = lastMessage?.role === 'tool' && lastMessage.text === unexplainedError;
		if (last && knowsNothing && random() < stubbornness) {
			history.push(last);
			return last.answer;
		}

		const done = stepsDone(
			messages,
			history.map(({meant}) => meant),
		);
		const index = steps.findIndex((_, step) => !done.has(step));
		const call = steps[index];
		if (!call) {
			throw new Error('the model was called although everything is done');
		}

		const isGarbled = random() < share;
		const kind = isGarbled ? pick(kinds) : undefined;
		const fault: Fault | undefined = kind === undefined ? undefined : faults[kind];
		const answer =
			fault?.(call, {before: steps[index - 1], next: steps[index + 1], pick}) ?? callAnswer([call]);
		if (answer.message.parts.length > 0) {
			history.push({
				answer,
				meant: kind === 'the same call again' ? [index - 1] : [index, index + 1],
			});
		}

		return answer;
	};
}

/** The steps whose calls had a successful result. */
function stepsDone(
	messages: readonly Message[],
	meant: readonly (readonly number[])[],
): ReadonlySet<number> {
	const done = new Set<number>();
	let answers = -1;
	let calls = 0;
	for (const message of messages) {
		if (message.role === 'assistant') {
			answers += 1;
			calls = 0;
		} else if (message.role === 'tool') {
			const step = meant[answers]?.[calls];
			calls += 1;
			if (step !== undefined && !message.isError) {
				done.add(step);
			}
		}
	}

	return done;
}
