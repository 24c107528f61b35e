import type {Tone} from './text/row.ts';

export type Line = {
	/** An agent, a subtask, or `run`. */
	readonly subject: string;
	readonly text: string;
	readonly tone: Tone;
};
