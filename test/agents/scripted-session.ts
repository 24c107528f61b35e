import type {
	Compaction,
	ModelRequest,
	ReceivedMessage,
	TeammateBrief,
	TeammateSession,
	ToolReply,
	Verification,
} from '../../source/agents/agent.ts';
import type {Answer, Part, StopReason, ToolCall} from '../../source/core/chat.ts';
import type {Json} from '../../source/core/json.ts';
import type {ToolEffect} from '../../source/core/agent-events.ts';

export const brief: TeammateBrief = {
	agent: 'teammate-1',
	colleagues: ['teammate-2'],
	task: 'Fix the project',
	subtask: {
		id: 'parse',
		title: 'Parse lines',
		instructions: 'Make the parser work.',
		writes: ['src/'],
		outputs: ['format'],
	},
	checks: ['npm test'],
	dependencies: [],
	previous: undefined,
	projectInstructions: undefined,
	commandsNeedPermission: false,
};

/** An answer with calls (`[name, arguments]`) or only words. */
export function answer(
	parts: string | readonly (readonly [name: string, input?: Record<string, Json>])[],
	stopReason?: StopReason,
): Answer {
	const content: Part[] =
		typeof parts === 'string'
			? [{kind: 'text', text: parts}]
			: parts.map(([name, input = {}], index) => ({
					kind: 'tool-call',
					id: `${name}-${index}`,
					name,
					argumentsText: JSON.stringify(input),
					arguments: input,
				}));
	return {
		message: {role: 'assistant', parts: content, origin: {provider: 'demo', model: 'm'}},
		stopReason: stopReason ?? (typeof parts === 'string' ? 'end' : 'tool-calls'),
		usage: {
			input: 1,
			cacheRead: null,
			cacheWrite: null,
			output: 1,
			reasoning: null,
			estimated: false,
		},
		model: 'm',
	};
}

const effects: Readonly<Record<string, ToolEffect>> = {
	read: 'read',
	list: 'read',
	edit: 'write',
	bash: 'command',
	finish: 'finish',
};

export type Script = {
	/** The answers, in order; the last one again and again. */
	readonly answers: readonly (Answer | Error)[];
	/** What an earlier process logged of a conversation that was made shorter, by turn. */
	readonly compactions?: Readonly<Record<number, readonly Compaction[]>>;
	readonly tool?: (call: ToolCall, turn: number) => ToolReply | Promise<ToolReply>;
	/** The results of the checks, in order; green at the end. */
	readonly checks?: readonly Verification[];
	readonly messages?: (turn: number) => readonly ReceivedMessage[];
	readonly maxTurns?: number;
	/** Turns that the person ends; without an answer in `cut` ones. */
	readonly interrupted?: readonly number[];
	readonly cut?: readonly number[];
};

/** A session that notes what a teammate asks and does. */
export function scriptedSession(script: Script) {
	const requests: ModelRequest[] = [];
	/** Each request as it was when it was made. */
	const sent: string[] = [];
	const done: string[] = [];
	let told = 0;
	let verified = 0;
	const session: TeammateSession = {
		async call(request, turn) {
			requests.push(request);
			sent.push(JSON.stringify(request));
			if (script.cut?.includes(turn) === true) {
				throw new Error('cut off');
			}
			const next = script.answers[requests.length - 1] ?? script.answers.at(-1);
			if (!next) {
				throw new Error('the script has no answers');
			}
			if (next instanceof Error) {
				throw next;
			}
			return next;
		},
		tools: Object.keys(effects).map(name => ({name, description: name, input: {}})),
		effectOf: tool => effects[tool],
		async runTool(call, turn) {
			done.push(`begin ${call.id}`);
			const reply = (await script.tool?.(call, turn)) ?? {
				ok: true,
				text: `result of ${call.id} in turn ${turn}`,
				changed: effects[call.name] === 'write',
			};
			done.push(`end ${call.id}`);
			return reply;
		},
		async compaction(messages) {
			const turn = messages.filter(({role}) => role === 'assistant').length + 1;
			const known = script.compactions?.[turn] ?? [];
			const next = known[told];
			told += next ? 1 : 0;
			return next;
		},
		async compact(_, {turn, level, reason}) {
			done.push(`compact ${turn} to level ${level}: ${reason}`);
			return {level, state: 'The plan: one subtask.'};
		},
		interrupted: turn => [...(script.interrupted ?? []), ...(script.cut ?? [])].includes(turn),
		receiveMessages: async turn => script.messages?.(turn) ?? [],
		async verify() {
			done.push('verify');
			return script.checks?.[verified++] ?? {passed: true, report: ''};
		},
		maxTurns: script.maxTurns ?? 40,
	};
	return {session, requests, sent, done};
}
