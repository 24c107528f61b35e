import {counted, cutMiddle} from '../../core/text.ts';
import type {Payload} from '../../core/payload.ts';
import type {ToolOutcome} from '../../tools/tool.ts';
import type {ModelMemory} from '../model/model-memory.ts';
import type {AttemptSession} from './attempt-session.ts';

/** Longest result shown to an agent, in characters, if its model's context allows. */
const maxCharacters = 30 * 1024;

/** Share of the context that one result may use. */
const resultShare = 0.2;
const charactersPerToken = 3.5;

/** Lower limit for models with a small context. */
const minCharacters = 1_500;

/** A result as shown to an agent; `whole`: the full text and its name, if truncated. */
export type ShownResult = {
	readonly text: string;
	readonly whole?: {readonly name: string; readonly text: Payload};
};

/** Truncates long results and keeps the full text, which `read_file` shows by its name. */
export type LongResults = {
	/** Current maximum of characters per result. */
	limit(): number;
	show(outcome: Pick<ToolOutcome, 'text' | 'whole' | 'lostBytes'>): ShownResult;
	/** Restores a result that an earlier process kept. */
	restore(whole: NonNullable<ShownResult['whole']>): void;
	/** `undefined` for unknown names. */
	read(name: string): Promise<string | undefined>;
};

/** The limit depends on the context of the agent's model. */
export function createLongResults(
	session: Pick<AttemptSession, 'agent' | 'keep' | 'read' | 'redact'>,
	models: Pick<ModelMemory, 'contextTokensOf'>,
): LongResults {
	const kept = new Map<string, Payload>();
	const most = () => {
		const tokens = models.contextTokensOf(session.agent);
		return tokens === undefined
			? maxCharacters
			: Math.min(
					maxCharacters,
					Math.max(minCharacters, Math.floor(tokens * charactersPerToken * resultShare)),
				);
	};

	return {
		limit: most,
		show({text, whole = text, lostBytes = 0}) {
			const shown = cutMiddle(session.redact(text), most());
			const all = session.redact(whole);
			if (shown === all) {
				return {text: shown};
			}

			const name = `@output-${kept.size + 1}`;
			const payload = session.keep(all);
			kept.set(name, payload);
			const lines = all.replace(/\n$/, '').split('\n').length;
			const size = counted(lines, 'line');
			const had =
				lostBytes === 0
					? `The whole has ${size}`
					: `Of the whole, ${lostBytes} bytes in the middle are lost; ${size} of its beginning and end are kept`;
			return {
				text: `${shown}\n[This is a part. ${had}: read_file ${name} shows any of them]`,
				whole: {name, text: payload},
			};
		},
		restore({name, text}) {
			kept.set(name, text);
		},
		async read(name) {
			const payload = kept.get(name);
			return payload === undefined ? undefined : session.read(payload);
		},
	};
}
