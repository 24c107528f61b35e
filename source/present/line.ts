import type {Tone} from './text/row.ts';

/** One line for people. */
export type Line = {
	/** Who or what it is about: an agent, a subtask, or `run`. */
	readonly subject: string;
	readonly text: string;
	readonly tone: Tone;
};
