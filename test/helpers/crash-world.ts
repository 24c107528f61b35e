import {workOnSubtask} from '../../source/agents/teammate.ts';
import type {Answer, ChatRequest} from '../../source/core/chat.ts';
import type {Json} from '../../source/core/json.ts';
import type {ToolEffect} from '../../source/core/agent-events.ts';
import type {JudgePermission} from '../../source/engine/attempt/tool-runner.ts';
import {createLocalDispatcher} from '../../source/engine/attempt/run-attempt.ts';
import {createModelMemory} from '../../source/engine/model/model-memory.ts';
import type {RunParts} from '../../source/engine/run-parts.ts';
import type {PathGuard} from '../../source/sandbox/path-guard.ts';
import type {CommandResult, Sandbox} from '../../source/sandbox/sandbox.ts';
import {createToolbox} from '../../source/tools/create-toolbox.ts';
import type {Workspace} from '../../source/workspace/workspace.ts';
import {answering, commandResult, connectTo} from './agent-parts.ts';
import {createEventOrder, type EventOrder} from './event-order.ts';
import {createEmptyWorkspace, planOf, quickClock, subtask} from './run-parts.ts';

/** What a crash finds and leaves: the files of the attempt, the integration head, what is confined. */
export type WorldOptions = {
	/** What the attempt's directory holds; absent: there is no such directory yet. */
	readonly files?: Readonly<Record<string, string>> | undefined;
	readonly head?: string | undefined;
	readonly confined?: boolean | undefined;
	/** What asks for permission. */
	readonly asks?: ToolEffect | undefined;
	/** How a command or check ends. Default: well, and at once. */
	readonly shell?: ((command: string, signal: AbortSignal) => Promise<CommandResult>) | undefined;
	readonly guard?: Partial<PathGuard> | undefined;
	readonly workspace?: Partial<Workspace> | undefined;
};

export type World = {
	readonly order: EventOrder;
	readonly files: Map<string, string>;
	readonly head: () => string;
	readonly workspace: Workspace;
	/** The calls that the rules of permission were asked about. */
	readonly judged: readonly Parameters<JudgePermission>[0][];
	readonly parts: Partial<RunParts>;
};

/** What a fresh attempt finds. */
export const baseFiles = {'a.txt': 'old\n'} as const;

/** What a teammate of this world leaves. */
export const finishedFiles = {'a.txt': 'new\n', 'b.txt': 'written\n'} as const;

export const worldPlan = planOf({
	subtasks: [subtask('a', {checks: ['check-a'], maxAttempts: 1})],
	checks: ['check-all'],
});

/** The calls of the teammate, one a turn. */
const script: readonly (readonly [name: string, args: {readonly [key: string]: Json}])[] = [
	['read_file', {path: 'a.txt'}],
	['write_file', {path: 'b.txt', content: 'written\n'}],
	['edit_file', {path: 'a.txt', old_text: 'old', new_text: 'new'}],
	['run_command', {command: 'make'}],
	['finish', {summary: 'done'}],
];

/** Paths of the delivery, as a workspace tells them. */
export const deliveredPaths = [{path: 'a.txt', before: 'old-id', after: 'new-id'}] as const;

/**
 * A run in memory whose effects are written down in one order with its events: a lead that is asked
 * for the plan, and a teammate that reads, writes, edits, runs a command and finishes; its change is
 * checked again when it is merged.
 */
export function createWorld(options: WorldOptions = {}): World {
	const order = createEventOrder();
	const files = new Map(Object.entries(options.files ?? baseFiles));
	let head = options.head ?? 'c0';
	let isOpen = options.files !== undefined;
	const judged: Parameters<JudgePermission>[0][] = [];

	const workspace: Workspace = {
		...createEmptyWorkspace(),
		head: async () => head,
		async open(name, base) {
			if (name.startsWith('a-')) {
				isOpen = true;
				files.clear();
				for (const [path, text] of Object.entries(baseFiles)) {
					files.set(path, text);
				}
			}

			return {directory: `/workspaces/${name}`, base};
		},
		find: async name =>
			isOpen && name.startsWith('a-') ? {directory: `/workspaces/${name}`, base: 'c0'} : undefined,
		async remove(name) {
			isOpen &&= !name.startsWith('a-');
		},
		commit: async () => ({commit: 'change', base: 'older', files: []}),
		merge: async () => ({kind: 'merged', commit: 'merged'}),
		async advance(from, to) {
			order.note('advance');
			if (head !== from && head !== to) {
				throw new Error(`the head is ${head}, not ${from}`);
			}

			head = to;
		},
		async sync() {
			order.note('sync');
		},
		planDelivery: async () => ({mode: 'apply', paths: deliveredPaths}),
		async deliver(_base, _head, {mode, paths}) {
			order.note(`deliver ${mode} ${paths.map(({path}) => path).join(' ')}`);
			return {mode, files: paths.map(({path}) => path)};
		},
		async undo(paths) {
			order.note(`undo ${paths.map(({path}) => path).join(' ')}`);
			return {files: paths.map(({path}) => path), kept: []};
		},
		...options.workspace,
	};
	const sandbox: Sandbox = {
		confinement: {backend: 'test', label: 'test', confined: options.confined ?? true},
		async killLeftovers() {
			order.note('end leftovers');
		},
		async run({command}, {signal}) {
			order.note(`run ${command}`);
			return options.shell?.(command, signal) ?? commandResult();
		},
	};
	const guard: PathGuard = {
		root: '/work',
		normalize: path => path,
		async readFile(path) {
			const text = files.get(path);
			return text === undefined ? undefined : Buffer.from(text);
		},
		async writeFile(path, content) {
			order.note(`write ${path}`);
			files.set(path, content.toString());
		},
		listDirectory: async () => [],
		...options.guard,
	};
	const connect = connectTo(async request => {
		const turn = turnOf(request);
		order.note(request.system === 'lead' ? 'ask lead' : `ask teammate ${turn}`);
		return request.system === 'lead' ? answering('the plan') : callOf(turn);
	});
	const parts: Partial<RunParts> = {
		workspace,
		sandbox,
		connect,
		guardPaths: () => guard,
		async lead(_brief, {call}) {
			const messages = [{role: 'user', text: 'plan'}] as const;
			await call({system: 'lead', messages, tools: [], toolChoice: 'none'}, 1);
			return {plan: worldPlan, origin: 'lead'};
		},
		dispatch: createLocalDispatcher({
			workspace,
			sandbox,
			connect,
			models: createModelMemory(),
			redact: text => text,
			toolbox: createToolbox(),
			guardPaths: () => guard,
			judgePermission: () => call => {
				judged.push(call);
				return {kind: call.effect === options.asks ? 'ask' : 'allow'};
			},
			teammate: workOnSubtask,
			clock: quickClock,
			random: () => 0,
		}),
	};
	return {order, files, head: () => head, workspace, judged, parts};
}

/** From 1. */
function turnOf({messages}: ChatRequest): number {
	return messages.filter(({role}) => role === 'assistant').length + 1;
}

function callOf(turn: number): Answer {
	const [name, args] = script[turn - 1] ?? ['finish', {summary: 'done'}];
	const content = {
		kind: 'tool-call',
		id: `call-${turn}`,
		name,
		argumentsText: JSON.stringify(args),
		arguments: args,
	} as const;
	return {
		...answering(''),
		message: {role: 'assistant', parts: [content], origin: {provider: 'demo', model: 'm'}},
		stopReason: 'tool-calls',
	};
}
