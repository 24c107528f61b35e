import {say, type ModelRequest} from '../test/helpers/model-server.ts';
import {render} from '../test/helpers/model-server/render.ts';

/** An answer that repeats one piece of text, as sent by a protocol. */
export type Wire = {
	readonly contentType: string;
	/** What precedes the first piece. */
	readonly head: string;
	/** One piece. */
	readonly delta: string;
	/** What follows after that many pieces; some protocols repeat the entire text there. */
	readonly end: (deltas: number) => string;
};

/** Short enough to arrive in one piece. */
const placeholder = 'A_TEXT';

/** Splits an answer of the scripted server, and substitutes `piece` for its text. */
export function wireOf(request: ModelRequest, piece: string): Wire {
	const {contentType, chunks, end} = render(request, say(placeholder));
	const first = chunks.findIndex(chunk => chunk.includes(placeholder));
	const withText = (chunk: string, text: string) =>
		chunk.replaceAll(placeholder, () => JSON.stringify(text).slice(1, -1));
	return {
		contentType,
		head: chunks.slice(0, first).join(''),
		delta: withText(chunks[first] ?? '', piece),
		end: deltas => withText([...chunks.slice(first + 1), ...end].join(''), piece.repeat(deltas)),
	};
}
