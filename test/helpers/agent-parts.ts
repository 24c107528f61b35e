import {workOnSubtask} from '../../source/agents/teammate.ts';
import type {Answer, ChatRequest, Part} from '../../source/core/chat.ts';
import {createLocalDispatcher} from '../../source/engine/attempt/run-attempt.ts';
import type {Connect, Connection} from '../../source/engine/model/connection.ts';
import type {Dispatcher} from '../../source/engine/attempt/attempt-context.ts';
import {createModelMemory} from '../../source/engine/model/model-memory.ts';
import type {RunParts} from '../../source/engine/run-parts.ts';
import type {PathGuard} from '../../source/sandbox/path-guard.ts';
import type {CommandResult, Sandbox} from '../../source/sandbox/sandbox.ts';
import type {Toolbox} from '../../source/tools/toolbox.ts';
import {createEmptyWorkspace, createTestParts, quickClock} from './run-parts.ts';

/** Answers a request, or waits until it is aborted. */
export type Model = (request: ChatRequest, signal: AbortSignal) => Promise<Answer>;

/** Runs a command or check, or waits until it is aborted. */
export type Shell = (command: string, signal: AbortSignal) => Promise<CommandResult>;

/** Connects every agent to one model, whose answers are streamed at once. */
export function connectTo(model: Model, fields: Partial<Connection> = {}): Connect {
	return async () => ({
		provider: {
			type: 'demo',
			endpoint: 'http://127.0.0.1:1',
			health: async () => ({state: 'up'}),
			models: async () => [],
			async capabilities() {
				throw new Error('nobody asks');
			},
			async *stream(request, {signal}) {
				yield {type: 'finished', answer: await model(request, signal)};
			},
		},
		model: 'm',
		parallelCalls: 10,
		callsPerAnswer: 'many',
		toolMode: {tools: 'native', grammar: false},
		isSmall: false,
		contextTokens: null,
		price: () => undefined,
		maxOutputTokens: 1_000,
		firstByteMs: 1_000,
		idleMs: 1_000,
		...fields,
	});
}

/** Parts of a run whose teammates are the real loop over a model; `look`, `shell` and `finish` are their tools. */
export function createAgentParts(
	model: Model,
	shell: Shell,
	connection: Partial<Connection> = {},
	/** Puts something between the attempts and their run. */
	between: (dispatch: Dispatcher) => Dispatcher = dispatch => dispatch,
): Partial<RunParts> {
	const parts = createTestParts();
	const workspace = createEmptyWorkspace();
	const sandbox: Sandbox = {
		...parts.sandbox,
		run: async ({command}, {signal}) => shell(command, signal),
	};
	const connect = connectTo(model, connection);
	const models = createModelMemory();
	const dispatch = createLocalDispatcher({
		workspace,
		sandbox,
		connect,
		models,
		redact: text => text,
		toolbox: plainToolbox,
		guardPaths: () => noFiles,
		judgePermission: () => () => ({kind: 'allow'}),
		teammate: workOnSubtask,
		clock: quickClock,
		random: () => 0,
	});
	return {
		workspace,
		sandbox,
		connect,
		guardPaths: () => noFiles,
		models,
		dispatch: between(dispatch),
	};
}

/** An answer that calls tools, or only says something. */
export function answering(parts: string | readonly (readonly [id: string, command: string])[]) {
	const content: Part[] =
		typeof parts === 'string'
			? [{kind: 'text', text: parts}]
			: parts.map(([id, command]) => ({
					kind: 'tool-call',
					id,
					name: id.split('-', 1)[0] ?? '',
					argumentsText: JSON.stringify({command}),
					arguments: {command},
				}));
	return {
		message: {role: 'assistant', parts: content, origin: {provider: 'demo', model: 'm'}},
		stopReason: typeof parts === 'string' ? 'end' : 'tool-calls',
		usage: {
			input: 10,
			cacheRead: null,
			cacheWrite: null,
			output: 5,
			reasoning: null,
			estimated: false,
		},
		model: 'm',
	} satisfies Answer;
}

/** How a command ended. */
export function commandResult(fields: Partial<CommandResult> = {}): CommandResult {
	return {exitCode: 0, endedBy: 'exit', output: 'ok', outputBytes: 2, durationMs: 1, ...fields};
}

/** Rejects with the signal's reason when it is aborted. */
export async function untilCut(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		const abort = () => {
			reject(signal.reason);
		};

		if (signal.aborted) {
			abort();
		}

		signal.addEventListener('abort', abort, {once: true});
	});
}

const noFiles: PathGuard = {
	root: '/nowhere',
	normalize: path => path,
	readFile: async () => undefined,
	writeFile: async () => undefined,
	listDirectory: async () => [],
};

const effects = {look: 'read', shell: 'command', finish: 'finish'} as const;

const plainToolbox: Toolbox = {
	specs: Object.keys(effects).map(name => ({name, description: name, input: {}})),
	effectOf: name => effects[name as keyof typeof effects],
	accepts: name => (name in effects ? name : undefined),
	normalize: call => call,
	async prepare({name, arguments: input}, {sandbox}) {
		const command = typeof input?.['command'] === 'string' ? input['command'] : '';
		return {
			summary: `${name} ${command}`,
			async execute(signal) {
				if (name !== 'shell') {
					return {ok: true, text: `${name}: ${command}`};
				}

				const {endedBy, exitCode, output} = await sandbox.run(
					{
						command,
						directory: '/nowhere',
						writableRoot: '/nowhere',
						network: false,
						timeoutMs: 1_000,
					},
					{signal},
				);
				return {ok: endedBy === 'exit' && exitCode === 0, text: `${endedBy} ${output}`};
			},
		};
	},
};
