import {createHash} from 'node:crypto';
import type {RunEvent, RunEventBody} from '../source/core/run-event.ts';
import {defaultRunSettings} from '../source/core/settings.ts';
import {createRandom, layeredGraph, planOf} from './graph.ts';

const teammates = 16;
const tasks = layeredGraph(25, 40);

/** The first event of the run that `mixedEvents` continues. */
export function firstEvent(run: string): RunEvent {
	const agent = {provider: 'anthropic', model: 'some-model'};
	return {
		...envelopeOf(run, 1),
		type: 'run-started',
		task: 'Move the service to the new API.',
		directory: '/home/ada/project',
		team: {
			name: 'team',
			lead: {name: 'lead', ...agent},
			teammates: Array.from({length: teammates}, (_, index) => ({name: nameOf(index), ...agent})),
		},
		settings: {...defaultRunSettings, maxParallel: teammates},
		program: '0.1.0',
	};
}

/**
 * Events 2 to `count` of a run with 1,000 subtasks of about 20 turns each, 16 in parallel: types,
 * fields and lengths (about 600 bytes a line) are like in real logs. Deterministic.
 */
export function* mixedEvents(run: string, count: number): Generator<RunEvent> {
	const random = createRandom();
	let seq = 1;
	for (const body of work(random)) {
		seq += 1;
		if (seq > count) {
			return;
		}

		yield {...envelopeOf(run, seq), ...body};
	}

	throw new Error(`the work has only ${seq} events`);
}

function envelopeOf(run: string, seq: number) {
	const time = new Date(Date.UTC(2026, 10, 22) + seq * 35).toISOString();
	return {v: 1, seq, time, run, epoch: 1} as const;
}

function nameOf(index: number): string {
	return `teammate-${index + 1}`;
}

function* work(random: () => number): Generator<RunEventBody> {
	yield* planning();
	for (let first = 0; first < tasks.length; first += teammates) {
		const running = tasks
			.slice(first, first + teammates)
			.map(({id}, index) => attempts(id, nameOf(index), random));
		while (running.length > 0) {
			const chosen = Math.floor(random() * running.length);
			const next = running[chosen]?.next();
			if (next?.done === false) {
				yield next.value;
			} else {
				running.splice(chosen, 1);
			}
		}
	}
}

function* planning(): Generator<RunEventBody> {
	const plan = JSON.stringify(planOf(tasks));
	const hash = hashOf(plan);
	yield {
		type: 'workspace-prepared',
		kind: 'git',
		base: hash.slice(0, 40),
		files: 800,
		overview: code(4_000),
	};
	yield {type: 'planning-started', revision: 1};
	yield {type: 'plan-proposed', revision: 1, hash, plan, origin: 'file'};
	yield {
		type: 'approval-requested',
		approval: 'plan-1',
		subject: {kind: 'plan', revision: 1, hash},
	};
	yield {
		type: 'approval-decided',
		approval: 'plan-1',
		decision: 'approve',
		scope: 'once',
		origin: 'person',
	};
}

/** A subtask until its merge; one in ten fails once and is retried. */
function* attempts(subtask: string, agent: string, random: () => number): Generator<RunEventBody> {
	const total = random() < 0.1 ? 2 : 1;
	for (let attempt = 1; attempt <= total; attempt++) {
		const ids = {subtask, attempt};
		const base = hashOf(subtask).slice(0, 40);
		yield {type: 'subtask-started', ...ids, agent, base};
		yield {type: 'agent-started', ...ids, agent, provider: 'anthropic', model: 'some-model'};
		const turns = 12 + Math.floor(random() * 17);
		for (let turn = 1; turn <= turns; turn++) {
			yield* oneTurn({...ids, agent}, turn, random);
		}

		const passed = attempt === total;
		yield* verification(ids, passed, random);
		yield {type: 'agent-finished', ...ids, agent, reason: 'finished', turns};
		if (!passed) {
			const failure = {kind: 'check-failed', message: 'npm test is red'} as const;
			yield {type: 'attempt-failed', ...ids, agent, failure, strategy: 'retry', delayMs: 0};
			continue;
		}

		const summary = 'The calls go to the new API; its errors are told apart. The tests say so.';
		const commit = hashOf(base).slice(0, 40);
		const files = ['source/a.ts', 'test/a.test.ts'].map(path => ({
			path,
			status: 'modified' as const,
			added: 20,
			removed: 6,
		}));
		const change = {base, commit, files};
		yield {type: 'attempt-finished', ...ids, agent, change, summary, outputs: {}};
		yield {type: 'merge-started', ...ids, from: base, to: commit};
		yield {type: 'merge-finished', ...ids, head: commit};
		yield {type: 'subtask-completed', ...ids, summary, outputs: {'checks.test': true}};
	}
}

type Scope = {readonly agent: string; readonly subtask: string; readonly attempt: number};

/** A model call and the tool calls it requests. */
function* oneTurn(scope: Scope, turn: number, random: () => number): Generator<RunEventBody> {
	const request = hashOf(`${scope.subtask}.${scope.attempt}.${turn}`);
	const call = `${scope.subtask}.${scope.attempt}.${turn}.${request.slice(0, 8)}`;
	yield {type: 'model-call-started', ...scope, call, turn, request, reserved: 12_000};
	if (random() < 0.02) {
		const failure = {kind: 'rate-limit', message: 'the server asks to wait'} as const;
		yield {type: 'model-call-failed', ...scope, call, failure, try: 1, retryInMs: 2_000};
		yield {type: 'agent-waiting', ...scope, for: 'rate-limit', until: '2026-11-22T00:00:00.000Z'};
		yield {type: 'agent-resumed', ...scope};
	}

	yield {
		type: 'model-call-finished',
		...scope,
		call,
		request,
		model: 'some-model',
		answer: {blob: hashOf(call), bytes: 900},
		stopReason: 'tool-calls',
		usage: {
			input: 400,
			cacheRead: 9_000,
			cacheWrite: 700,
			output: 320,
			reasoning: null,
			estimated: false,
		},
		durationMs: 4_210,
		said: 'I read the function and its test first, "as they are".',
	};
	const tools = random() < 0.2 ? 2 : 1;
	for (let tool = 1; tool <= tools; tool++) {
		yield* toolCall(scope, `call-${turn}-${tool}`, random);
	}
}

function* toolCall(scope: Scope, call: string, random: () => number): Generator<RunEventBody> {
	const kind = random();
	const path = `source/part-${Math.floor(random() * 200)}.ts`;
	const hash = hashOf(path);
	if (kind < 0.3) {
		const intent = {path, before: hash, after: hashOf(hash)};
		yield {
			type: 'tool-call-started',
			...scope,
			call,
			tool: 'edit_file',
			effect: 'write',
			summary: path,
			intent,
		};
		const files = [{path, hash: intent.after, written: true}];
		yield {
			type: 'tool-call-finished',
			...scope,
			call,
			ok: true,
			result: `edited ${path}`,
			durationMs: 6,
			files,
		};
		return;
	}

	const read = kind < 0.8;
	yield {
		type: 'tool-call-started',
		...scope,
		call,
		tool: read ? 'read_file' : 'run_command',
		effect: read ? 'read' : 'command',
		summary: read ? path : 'npm test',
	};
	yield {
		type: 'tool-call-finished',
		...scope,
		call,
		ok: true,
		result: code(Math.floor(200 + random() ** 3 * 4_000)),
		durationMs: read ? 3 : 1_800,
		...(read ? {files: [{path, hash, written: false}]} : {}),
	};
}

function* verification(
	ids: {readonly subtask: string; readonly attempt: number},
	passed: boolean,
	random: () => number,
): Generator<RunEventBody> {
	const check = {place: 'workspace', check: 'test'} as const;
	yield {type: 'check-started', ...ids, ...check, command: 'npm test'};
	const output = code(Math.floor(400 + random() * 1_200));
	yield {
		type: 'check-finished',
		...ids,
		...check,
		passed,
		exitCode: passed ? 0 : 1,
		durationMs: 1_900,
		output,
	};
	yield {type: 'verification-finished', ...ids, round: 1, passed, report: output};
}

function hashOf(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

/** Text like tool output: lines, indentation, quotes, an occasional non-ASCII letter. */
function code(length: number): string {
	return sample.repeat(Math.ceil(length / sample.length)).slice(0, length);
}

const sample = `/** The rows of a CSV text, as objects keyed by the names in its first line. */
export function parse(text) {
	const [head, ...rows] = text.split('\\n').filter(line => line !== "");
	const names = head.split(',').map(name => name.trim());
	return rows.map(row => {
		// Größe and Länge may be missing.
		const values = row.split(',');
		return Object.fromEntries(names.map((name, index) => [name, values[index]]));
	});
}
`;
