import {toolCallsOf, textOf, type Message, type Part, type ToolMessage} from '../core/chat.ts';
import {cutMiddle, shorten} from '../core/text.ts';
import type {Compaction} from './agent.ts';

/** The highest level, which keeps the minimum that makes sense. */
export const highestLevel = 3;

/**
 * What each level keeps: the latest turns, and characters of each of their results and arguments.
 */
const keptByLevel = [
	{turns: 6, characters: 8_000},
	{turns: 3, characters: 3_000},
	{turns: 1, characters: 1_200},
] as const;

/** Target size of a compacted conversation relative to before, to leave room for the next turns. */
const targetShare = 0.6;

/** Maximum characters to keep of an earlier digest, a message and the first prompt. */
const digestCharacters = 6_000;
const messageCharacters = 2_000;
const promptCharacters = 16_000;

const digestTitle = '# What was done so far';
const stateTitle = '# Where things stand now';

/**
 * The first level, from `least` on, that makes a conversation short enough; otherwise the highest.
 */
export function levelFor(messages: readonly Message[], least: number): number {
	const wanted = lengthOf(messages) * targetShare;
	let level = least;
	while (
		level < highestLevel &&
		lengthOf(compactConversation(messages, {level, state: ''})) > wanted
	) {
		level += 1;
	}

	return level;
}

function lengthOf(messages: readonly Message[]): number {
	return JSON.stringify(messages).length;
}

/**
 * Compacts a conversation: the subtask, a digest of older turns (each call with its outcome, and
 * messages), the state of the run, and the latest turns with the middle of long results left out. Never
 * longer than before: a short conversation keeps its turns instead of a digest. A pure function, so that
 * a resumed run sends the same bytes.
 */
export function compactConversation(
	messages: readonly Message[],
	{level, state}: Compaction,
): readonly Message[] {
	const {turns, characters} = keptByLevel[Math.min(level, highestLevel) - 1] ?? keptByLevel[0];
	const [prompt, ...rest] = messages;
	const start = startOfLastTurns(rest, turns);
	const older = rest.slice(0, start);
	const latest = rest.slice(start).map(message => cutMessage(message, characters));
	const first = prompt ? [cutPrompt(prompt, level)] : [];
	const withDigest = (...parts: readonly string[]): readonly Message[] => [
		...first,
		{role: 'user', text: parts.filter(text => text !== '').join('\n\n')},
		...latest,
	];
	const forms = [
		withDigest(digestTitle, digestOf(older), stateTitle, state, advice),
		withDigest(digestTitle, digestOf(older), advice),
	];
	const length = lengthOf(messages);
	return (
		forms.find(form => lengthOf(form) < length) ?? [
			...first,
			...rest.map(message => cutMessage(message, characters)),
		]
	);
}

const advice =
	'Your conversation became too long for you, so older turns are left out above. Files are as you left them: read again what you need, and go on.';

/** Index where the last turns start; each starts with an answer of the model. */
function startOfLastTurns(messages: readonly Message[], turns: number): number {
	const starts = messages.flatMap(({role}, index) => (role === 'assistant' ? [index] : []));
	return starts.at(-turns) ?? starts[0] ?? messages.length;
}

function digestOf(messages: readonly Message[]): string {
	const results = new Map(
		messages
			.filter((message): message is ToolMessage => message.role === 'tool')
			.map(message => [message.callId, message]),
	);
	const lines = messages.flatMap((message): readonly string[] => {
		switch (message.role) {
			case 'user':
				return [userDigest(message.text)];
			case 'assistant': {
				const said = firstLine(textOf(message));
				return [
					...(said === '' ? [] : [`You said: ${said}`]),
					...toolCallsOf(message).map(call => {
						const result = results.get(call.id);
						const about = call.arguments?.['path'] ?? call.arguments?.['command'] ?? '';
						const what =
							`${call.name} ${typeof about === 'string' ? shorten(about, 120) : ''}`.trim();
						return `- ${what}: ${result?.isError === false ? 'ok' : 'failed'}; ${firstLine(result?.text ?? '')}`;
					}),
				];
			}

			case 'tool':
				return [];
		}
	});
	return lines.join('\n');
}

/** The content of an earlier digest, or a message. */
function userDigest(text: string): string {
	if (!text.startsWith(digestTitle)) {
		return cutMiddle(text, messageCharacters);
	}

	const end = text.lastIndexOf(stateTitle);
	return cutMiddle(text.slice(digestTitle.length, end).trim(), digestCharacters);
}

function cutPrompt(prompt: Message, level: number): Message {
	return prompt.role === 'user' && level >= highestLevel
		? {role: 'user', text: cutMiddle(prompt.text, promptCharacters)}
		: prompt;
}

function cutMessage(message: Message, characters: number): Message {
	switch (message.role) {
		case 'tool':
			return {...message, text: cutMiddle(message.text, characters)};
		case 'assistant':
			return {...message, parts: message.parts.map(part => cutPart(part, characters))};
		case 'user':
			return message;
	}
}

/** Shortens long texts and calls with long arguments (like a written file). */
function cutPart(part: Part, characters: number): Part {
	if (part.kind === 'text') {
		return {...part, text: cutMiddle(part.text, characters)};
	}

	if (part.kind !== 'tool-call' || part.argumentsText.length <= characters || !part.arguments) {
		return part;
	}

	const entries = Object.entries(part.arguments).map(
		([name, value]) =>
			[name, typeof value === 'string' ? cutMiddle(value, characters) : value] as const,
	);
	const shorter = Object.fromEntries(entries);
	return {...part, arguments: shorter, argumentsText: JSON.stringify(shorter)};
}

function firstLine(text: string): string {
	return shorten(text.trim().split('\n', 1)[0] ?? '', 160);
}
