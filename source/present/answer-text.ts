import {answerSchema, textOf, toolCallsOf, type ToolCall} from '../core/chat.ts';
import {parseJson} from '../core/json.ts';

export type StoredAnswer = {
	/** The model's text, without thinking and tool calls. */
	readonly text: string;
	/** What its edits replace, by call id: `-` lines, then `+` lines. */
	readonly changes: ReadonlyMap<string, string>;
};

/** Parses the stored answer of a model call; `undefined` when it is not valid. */
export function readAnswer(stored: string): StoredAnswer | undefined {
	const {message} = answerSchema.safeParse(parseJson(stored)).data ?? {};
	return (
		message && {
			text: textOf(message),
			changes: new Map(
				toolCallsOf(message).flatMap(call => {
					const change = changeOf(call);
					return change === undefined ? [] : [[call.id, change] as const];
				}),
			),
		}
	);
}

function changeOf({arguments: given}: ToolCall): string | undefined {
	const [from, to] = [given?.['old_text'], given?.['new_text']];
	return typeof from === 'string' && typeof to === 'string'
		? [...marked('- ', from), ...marked('+ ', to)].join('\n')
		: undefined;
}

function marked(mark: string, text: string): readonly string[] {
	return text === ''
		? []
		: text
				.replace(/\n$/, '')
				.split('\n')
				.map(line => `${mark}${line}`);
}
