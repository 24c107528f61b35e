import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ModelCaller, TeammateBrief, TeammateEnd} from '../source/agents/agent.ts';
import {workOnSubtask} from '../source/agents/teammate.ts';
import {toolCallsOf, type Answer, type ToolCall} from '../source/core/chat.ts';
import {FailureError, toFailure} from '../source/core/failure.ts';
import {recoverCalls} from '../source/core/recover-calls.ts';
import {createCallIds} from '../source/providers/transport/call-parts.ts';
import {createPathGuard} from '../source/sandbox/create-path-guard.ts';
import {createTools} from '../source/tools/catalog.ts';
import {createToolbox} from '../source/tools/create-toolbox.ts';
import type {ToolContext} from '../source/tools/tool.ts';
import type {Toolbox} from '../source/tools/toolbox.ts';
import type {IntendedCall} from './faults.ts';
import {unexplainedError} from './noisy-model.ts';

/** How the harness handles nearly correct answers; each can be disabled. */
export type Safeguards = {
	/** Parses calls in text, and repairs arguments that are nearly JSON. */
	readonly recovery: boolean;
	/** Corrects names and arguments that are nearly right. */
	readonly coercion: boolean;
	/** Explains what was wrong with a call; otherwise: "error". */
	readonly feedback: boolean;
	/** Requests a call after an answer without one; otherwise the attempt ends. */
	readonly nudge: boolean;
	/** Retries after an empty answer; otherwise the attempt ends. */
	readonly emptyRetry: boolean;
};

const source = 'export function sum(numbers) {\n\treturn numbers.reduce((a, b) => a - b);\n}\n';
const fixed = 'export function sum(numbers) {\n\treturn numbers.reduce((a, b) => a + b, 0);\n}\n';
const changes = '# Changes\n\n- `sum` adds, and takes "nothing" as 0\n';

/** The calls that solve the task. */
export const steps: readonly IntendedCall[] = [
	{name: 'list_files', args: {path: '.', recursive: true}},
	{name: 'search', args: {pattern: 'a - b', ignore_case: false}},
	{name: 'read_file', args: {path: 'src/sum.js'}},
	{
		name: 'edit_file',
		args: {path: 'src/sum.js', old_text: '(a, b) => a - b', new_text: '(a, b) => a + b, 0'},
	},
	{name: 'read_file', args: {path: 'src/sum.js', offset: 1, limit: 3}},
	{name: 'write_file', args: {path: 'CHANGES.md', content: changes}},
	{name: 'run_command', args: {command: 'npm test'}},
	{name: 'finish', args: {summary: 'sum adds.', outputs: {file: 'src/sum.js'}}},
];

const brief: TeammateBrief = {
	agent: 'teammate-1',
	colleagues: [],
	task: 'Repair sum',
	subtask: {
		id: 'sum',
		title: 'Repair sum',
		instructions: 'sum in src/sum.js subtracts. Repair it, and note it in CHANGES.md.',
		writes: [],
		outputs: ['file'],
	},
	checks: ['npm test'],
	dependencies: [],
	previous: undefined,
	projectInstructions: undefined,
	commandsNeedPermission: false,
};

/** Turns of an attempt, as in a run. */
const maxTurns = 40;

/**
 * Lets a model work on the task with the real loop and tools in a directory, which is removed
 * afterwards.
 */
export async function workOnTask(
	directory: string,
	model: (request: Parameters<ModelCaller>[0]) => Answer,
	defences: Safeguards,
): Promise<TeammateEnd> {
	mkdirSync(join(directory, 'src'), {recursive: true});
	writeFileSync(join(directory, 'src/sum.js'), source);
	const isSolved = () =>
		readText(directory, 'src/sum.js') === fixed && readText(directory, 'CHANGES.md') === changes;
	const toolbox = defences.coercion ? createToolbox() : strictToolbox(createToolbox());
	const context = contextIn(directory, isSolved);
	try {
		return await workOnSubtask(brief, {
			call: callerOf(model, toolbox, defences),
			tools: toolbox.specs,
			effectOf: toolbox.effectOf,
			runTool: async call => runTool(call, {toolbox, context, defences}),
			receiveMessages: async () => [],
			interrupted: () => false,
			compaction: async () => undefined,
			async compact() {
				throw new Error('the conversation is short');
			},
			verify: async () => ({passed: isSolved(), report: 'The check `npm test` is red.'}),
			maxTurns,
		});
	} catch (error) {
		return {kind: 'failed', failure: toFailure(error), turns: maxTurns};
	} finally {
		rmSync(directory, {recursive: true});
	}
}

/** What the engine does between a server and the loop, as far as it matters here. */
function callerOf(
	model: (request: Parameters<ModelCaller>[0]) => Answer,
	toolbox: Toolbox,
	{recovery, nudge, emptyRetry}: Safeguards,
): ModelCaller {
	return async request => {
		for (let made = 1; ; made++) {
			const received = withIds(model(request), createCallIds(request));
			if (received.message.parts.length === 0) {
				if (!emptyRetry) {
					throw new FailureError('internal', 'the answer is empty');
				}

				if (made === 2) {
					throw new FailureError('empty-answer', 'the answer is empty');
				}

				continue;
			}

			const read = recovery ? recoverCalls(received, toolbox.accepts, request.messages) : received;
			const answer = mapCalls(read, toolbox.normalize);
			if (!nudge && toolCallsOf(answer.message).length === 0 && request.toolChoice !== 'none') {
				throw new FailureError('bad-call', 'the answer has no call');
			}

			return answer;
		}
	};
}

async function runTool(
	call: ToolCall,
	{
		toolbox,
		context,
		defences,
	}: {readonly toolbox: Toolbox; readonly context: ToolContext; readonly defences: Safeguards},
) {
	try {
		const prepared = await toolbox.prepare(call, context);
		const {ok, text, files = []} = await prepared.execute(new AbortController().signal);
		return {ok, text, changed: files.some(({written}) => written)};
	} catch (error) {
		const {kind, message} = toFailure(error);
		const isExplained = defences.feedback || kind !== 'bad-call';
		return {ok: false, text: isExplained ? message : unexplainedError, changed: false};
	}
}

/** The same tools, accepting only exact names and arguments. */
function strictToolbox(toolbox: Toolbox): Toolbox {
	const inputs = new Map(createTools().map(({name, input}) => [name, input]));
	const fits = (name: string, args: unknown) => inputs.get(name)?.safeParse(args).success === true;
	return {
		...toolbox,
		effectOf: name => (inputs.has(name) ? toolbox.effectOf(name) : undefined),
		accepts: (name, args) => (fits(name, args) ? name : undefined),
		normalize: call => call,
		async prepare(call, context) {
			if (!fits(call.name, call.arguments)) {
				throw new FailureError('bad-call', `Wrong name or arguments: ${call.name}`);
			}

			return toolbox.prepare(call, context);
		},
	};
}

function contextIn(directory: string, isSolved: () => boolean): ToolContext {
	return {
		files: createPathGuard(directory),
		sandbox: {
			confinement: {backend: 'none', label: 'UNSANDBOXED', confined: false},
			killLeftovers: async () => undefined,
			async run() {
				const output = isSolved() ? 'all green' : 'sum is wrong';
				return {
					exitCode: isSolved() ? 0 : 1,
					endedBy: 'exit',
					output,
					outputBytes: output.length,
					durationMs: 1,
				};
			},
		},
		known: new Map(),
		maxResult: () => 30 * 1024,
		readResult: async () => undefined,
		commandTimeoutMs: 1_000,
		sendMessage: async () => 'sent',
	};
}

function withIds(answer: Answer, nextId: ReturnType<typeof createCallIds>): Answer {
	return mapCalls(answer, call => ({...call, id: nextId(undefined)}));
}

function mapCalls(answer: Answer, change: (call: ToolCall) => ToolCall): Answer {
	const parts = answer.message.parts.map(part => (part.kind === 'tool-call' ? change(part) : part));
	return {...answer, message: {...answer.message, parts}};
}

function readText(directory: string, name: string): string | undefined {
	try {
		return readFileSync(join(directory, name), 'utf8');
	} catch {
		return undefined;
	}
}
