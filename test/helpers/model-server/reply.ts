import type {Json, JsonObject} from '../../../source/core/json.ts';

/** The wire protocol in which a request came, which is the one its reply is written in. */
export type Protocol = 'anthropic' | 'openai' | 'responses' | 'ollama';

/** A request for an answer, with the parts that a script decides by already taken out. */
export type ModelRequest = {
	readonly protocol: Protocol;
	readonly path: string;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string | undefined>>;
	/** As it came over the wire. */
	readonly body: JsonObject;
	/** How many requests for answers came before this one. */
	readonly ordinal: number;
	readonly model: string;
	/** System text and all messages as one text, for scripts that look for a word. */
	readonly prompt: string;
	/** The text of the last message: what a person, or a tool, said last. */
	readonly lastMessage: string;
	/** Names of the tools that are offered. */
	readonly tools: readonly string[];
	/** The schema of a structured answer, when one is asked for. */
	readonly schema: JsonObject | undefined;
	/** Resolves when the client goes away before it has the whole answer. */
	readonly disconnected: Promise<void>;
};

export type ScriptedCall = {
	readonly name: string;
	/** A string is sent as it is, also when it is not JSON (Ollama takes objects only). */
	readonly arguments: JsonObject | string;
	/** Default: made by the server; `null`: none, as Ollama and some others do. */
	readonly id?: string | null;
};

export type Delivery =
	| {readonly how: 'whole'}
	/** One byte a time, which splits characters, lines and events. */
	| {readonly how: 'bytewise'}
	/** Whole, but the connection is never closed. */
	| {readonly how: 'left-open'}
	/** Chunk by chunk, so many ms apart: as a model talks. */
	| {readonly how: 'paced'; readonly everyMs: number}
	/** Without the end mark, but the connection is closed in order. */
	| {readonly how: 'cut'}
	/** The socket is destroyed after that many bytes of the body. */
	| {readonly how: 'destroyed'; readonly afterBytes: number}
	/** Nothing more comes after that many bytes of the body; 0: not even headers. */
	| {readonly how: 'stalled'; readonly afterBytes: number}
	/** An error event of that type in place of the end mark. */
	| {readonly how: 'failed'; readonly type: string; readonly message: string};

/** What a model says, whatever the protocol. */
export type Answer = {
	readonly kind: 'answer';
	readonly thinking?: string;
	readonly text?: string;
	readonly calls?: readonly ScriptedCall[];
	/** Default: it ended on its own. */
	readonly stop?: 'max-tokens' | 'refusal';
	/** Default: 100 tokens in, 20 of them from a cache where the protocol tells, 10 out. */
	readonly usage?: {readonly input: number; readonly cached: number; readonly output: number};
	readonly delivery?: Delivery;
};

export type Reply =
	| Answer
	/** Without `body`: what the protocol's servers send with that status. */
	| {
			readonly kind: 'error';
			readonly status: number;
			readonly body?: Json | undefined;
			readonly headers?: Readonly<Record<string, string>> | undefined;
	  }
	| {readonly kind: 'raw'; readonly body: string; readonly contentType: string};

/** Decides what the model says; called once for each request, in the order they come. */
export type Script = (request: ModelRequest) => Reply | Promise<Reply>;

export const say = (text: string): Answer => ({kind: 'answer', text});

export const call = (name: string, args: JsonObject | string): Answer => ({
	kind: 'answer',
	calls: [{name, arguments: args}],
});

/** A structured answer. */
export const answerJson = (value: Json): Answer => say(JSON.stringify(value));

export const httpError = (
	status: number,
	body?: Json,
	headers?: Readonly<Record<string, string>>,
): Reply => ({kind: 'error', status, body, headers});

export const raw = (body: string, contentType: string): Reply => ({kind: 'raw', body, contentType});

/** An answer that arrives in another way than whole. */
export const delivered = (answer: Answer, delivery: Delivery): Answer => ({...answer, delivery});
