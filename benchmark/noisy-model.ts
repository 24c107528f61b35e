import type {ModelRequest} from '../source/agents/agent.ts';
import type {Answer, Message} from '../source/core/chat.ts';
import {calling, faults, saying, type Fault, type MeantCall} from './faults.ts';

export type NoisyModelOptions = {
	/** The calls that solve the task, in order. */
	readonly steps: readonly MeantCall[];
	/** Share of the answers that come out garbled, 0 to 1. */
	readonly share: number;
	/** What may go wrong; default: everything, each as often as the others. */
	readonly kinds?: readonly string[] | undefined;
	/** A number in [0, 1). */
	readonly random: () => number;
};

/** Share of its mistakes that a model makes again when it is only told that there was one. */
const stubbornness = 0.7;

/** What a model is told where nobody explains its mistakes. */
export const bareError = 'error';

/**
 * A model that knows what to do and often cannot say it. It reads in the conversation what came of its
 * calls and makes the first one that has not succeeded; where it is told what was wrong it does not
 * repeat it, but may garble the next answer in another way. Where it is only told "error" it mostly does
 * the same again. Without tools it talks, as it is asked to.
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
			throw new Error('there is nothing to pick from');
		}

		return choice;
	};
	/** The answers that came into the conversation, and what was meant by their calls. */
	const given: {readonly answer: Answer; readonly meant: readonly number[]}[] = [];

	return request => {
		const {messages, toolChoice} = request;
		if (toolChoice === 'none') {
			const answer = saying(
				'I have learned that this does not help. I will go on with the next part.',
			);
			given.push({answer, meant: []});
			return answer;
		}

		const last = given.at(-1);
		const lastMessage = messages.at(-1);
		const knowsNothing = lastMessage?.role === 'tool' && lastMessage.text === bareError;
		if (last && knowsNothing && random() < stubbornness) {
			given.push(last);
			return last.answer;
		}

		const done = stepsDone(
			messages,
			given.map(({meant}) => meant),
		);
		const index = steps.findIndex((_, step) => !done.has(step));
		const call = steps[index];
		if (!call) {
			throw new Error('the model is asked to go on although all is done');
		}

		const isGarbled = random() < share;
		const kind = isGarbled ? pick(kinds) : undefined;
		const fault: Fault | undefined = kind === undefined ? undefined : faults[kind];
		const answer =
			fault?.(call, {before: steps[index - 1], next: steps[index + 1], pick}) ?? calling([call]);
		if (answer.message.parts.length > 0) {
			given.push({
				answer,
				meant: kind === 'the same call again' ? [index - 1] : [index, index + 1],
			});
		}

		return answer;
	};
}

/** The steps whose calls had a result that is no error. */
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
