import {cutMiddle} from '../../core/text.ts';
import type {Payload} from '../../core/run-event.ts';
import type {ToolOutcome} from '../../tools/tool.ts';
import type {ModelMemory} from '../model/model-memory.ts';
import type {Session} from './session.ts';

/** Characters of a result that an agent is shown at most, where its model has context for it. */
const maxCharacters = 30 * 1024;

/** The share of the context that one result may take, and characters of a token, about. */
const resultShare = 0.2;
const charactersPerToken = 3.5;

/** Fewer would show nothing. */
const minCharacters = 1_500;

/** A result as an agent is shown it, and the whole of it under a name when that is only a part. */
export type ShownResult = {
	readonly text: string;
	readonly whole?: {readonly name: string; readonly text: Payload};
};

/** Results that are too long to be shown whole; `read_file` shows any part of them by their name. */
export type LongResults = {
	/** Characters that one result may have now. */
	limit(): number;
	show(outcome: Pick<ToolOutcome, 'text' | 'whole' | 'lostBytes'>): ShownResult;
	/** A result that an earlier process kept. */
	restore(whole: NonNullable<ShownResult['whole']>): void;
	/** `undefined` for a name that was never given. */
	read(name: string): Promise<string | undefined>;
};

/** The model of the session's agent decides how long a result may be. */
export function createLongResults(
	session: Pick<Session, 'agent' | 'keep' | 'read' | 'redact'>,
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
			const counted = `${lines} ${lines === 1 ? 'line' : 'lines'}`;
			const had =
				lostBytes === 0
					? `The whole has ${counted}`
					: `Of the whole, ${lostBytes} bytes in the middle are lost; ${counted} of its beginning and end are kept`;
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
