import {say, type ModelRequest} from '../test/helpers/model-server.ts';
import {render} from '../test/helpers/model-server/render.ts';

/** An answer that says one piece of text again and again, as a protocol has it on the wire. */
export type Wire = {
	readonly contentType: string;
	/** What comes before the first piece. */
	readonly head: string;
	/** One piece. */
	readonly delta: string;
	/** What comes behind so many pieces; some protocols say the whole text once more there. */
	readonly end: (deltas: number) => string;
};

/** Short enough to come in one piece. */
const placeholder = 'A_TEXT';

/** Takes an answer of the scripted server apart, and puts `piece` where it says its text. */
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
