import type {RunEvent, RunEventBody, RunEventType} from '../../source/core/run-event.ts';
import type {RunReport} from '../../source/core/run-report.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';

const profile = {
	name: 'lead',
	provider: 'ollama',
	model: 'qwen3',
	baseUrl: 'http://localhost:11434',
};
const attempt = {subtask: 'parse', attempt: 2};
const scope = {agent: 'teammate-1', ...attempt};
const failure = {
	kind: 'rate-limit' as const,
	message: 'the server is busy',
	hint: 'wait a little',
	retryAfterMs: 1_500,
	status: 429,
};
const blob = {blob: 'ab'.repeat(32), bytes: 9_000};
const usage = {
	input: 10,
	cacheRead: 5,
	cacheWrite: null,
	output: 7,
	reasoning: 3,
	estimated: false,
};
const paths = [{path: 'src/a.ts', before: null, after: 'c0ffee'}];

export const sampleReport: RunReport = {
	outcome: 'failed',
	exitCode: 1,
	reason: 'not done: parse (checks are red)',
	next: 'llm-orchestrator resume r1',
	subtasks: [
		{
			id: 'parse',
			status: 'failed',
			attempts: 2,
			agent: 'teammate-1',
			summary: 'parses lines',
			reason: 'checks are red',
			checks: [{name: 'npm test', passed: false}],
		},
		{id: 'report', status: 'skipped', attempts: 0, reason: '"parse" failed', checks: []},
	],
	checks: [{name: 'npm run lint', passed: true}],
	usage: {
		total: {calls: 2, input: 20, output: 14, total: 34, usd: 0.5, unpriced: 1},
		models: {qwen3: {calls: 2, input: 20, output: 14, total: 34, usd: 0.5, unpriced: 1}},
		agents: {'teammate-1': {calls: 2, input: 20, output: 14, total: 34, usd: 0.5, unpriced: 1}},
	},
	cost: {usd: 0.5, unpricedCalls: 1},
	denied: [{agent: 'teammate-1', subtask: 'parse', what: 'curl example.org', by: 'nobody'}],
	delivered: {files: ['src/a.ts'], mode: 'branch', target: 'llm-orchestrator/r1'},
	activeMs: 65_000,
};

/** One example of every event, each field filled; a type without an example does not compile. */
const bodies: {readonly [Type in RunEventType]: Extract<RunEventBody, {type: Type}>} = {
	'run-started': {
		type: 'run-started',
		task: 'Fix the parser',
		directory: '/home/ada/project',
		team: {name: 'calm', lead: profile, teammates: [{...profile, name: 'teammate-1'}]},
		settings: {...defaultRunSettings, maxTokens: 100_000, checks: ['npm run lint']},
		program: '0.1.0',
	},
	'run-resumed': {type: 'run-resumed', settings: defaultRunSettings, program: '0.1.1'},
	'run-paused': {type: 'run-paused', reason: 'by you', inbox: 'i1'},
	'run-unpaused': {type: 'run-unpaused', inbox: 'i2'},
	'run-finished': {type: 'run-finished', report: sampleReport},
	'run-stopped': {
		type: 'run-stopped',
		report: {...sampleReport, outcome: 'interrupted', exitCode: 130, delivered: null},
	},
	'workspace-prepared': {
		type: 'workspace-prepared',
		kind: 'git',
		base: 'b0',
		files: 12,
		overview: 'src/a.ts',
		instructions: blob,
	},
	'planning-started': {type: 'planning-started', revision: 2},
	'plan-refused': {
		type: 'plan-refused',
		revision: 1,
		try: 2,
		problems: ['"x" is not a subtask of this plan', 'the dependencies form a cycle: a → b → a'],
	},
	'plan-proposed': {
		type: 'plan-proposed',
		revision: 1,
		hash: 'f00d',
		plan: JSON.stringify({subtasks: [{id: 'parse', title: 'Parse', instructions: 'do it'}]}),
		origin: 'lead',
		inbox: 'i10',
	},
	'revision-requested': {type: 'revision-requested', by: 'person', reason: 'smaller steps'},
	'plan-judged': {
		type: 'plan-judged',
		revision: 1,
		hash: 'f00d',
		verdicts: [{criterion: 'tests', result: 'warn', reasons: ['nothing is checked']}],
	},
	'approval-requested': {
		type: 'approval-requested',
		approval: 'tool-1',
		subject: {
			kind: 'tool',
			...scope,
			tool: 'bash',
			summary: 'a call',
			detail: 'npm install left-pad',
			directory: '/w/parse',
			reason: 'commands ask',
		},
		until: '2026-11-22T10:10:00.000Z',
	},
	'approval-decided': {
		type: 'approval-decided',
		approval: 'tool-1',
		decision: 'reject',
		scope: 'once',
		feedback: 'use what is there',
		origin: 'person',
		inbox: 'i3',
	},
	'subtasks-ready': {type: 'subtasks-ready', subtasks: ['parse', 'format']},
	'subtask-started': {type: 'subtask-started', ...scope, base: 'b0'},
	'attempt-restarted': {type: 'attempt-restarted', ...attempt, reason: 'the process ended'},
	'attempt-finished': {
		type: 'attempt-finished',
		...scope,
		change: {
			commit: 'c1',
			base: 'b0',
			files: [{path: 'src/a.ts', status: 'modified', added: 3, removed: 1}],
		},
		summary: 'parses lines',
		outputs: {answer: {deep: [42, null]}},
	},
	'attempt-failed': {
		type: 'attempt-failed',
		...scope,
		failure,
		strategy: 'retry',
		delayMs: 1_500,
		evidence: blob,
	},
	'check-started': {
		type: 'check-started',
		...attempt,
		place: 'workspace',
		check: 'test',
		command: 'npm test',
	},
	'check-finished': {
		type: 'check-finished',
		...attempt,
		place: 'workspace',
		check: 'test',
		passed: false,
		exitCode: null,
		durationMs: 1_234,
		output: 'one\n\nAssertionError: 1 !== 2\n',
	},
	'verification-finished': {
		type: 'verification-finished',
		...attempt,
		round: 1,
		passed: false,
		report: 'The check `npm test` is red',
	},
	'merge-started': {type: 'merge-started', ...attempt, from: 'b0', to: 'm1'},
	'merge-finished': {type: 'merge-finished', ...attempt, head: 'm1'},
	'merge-refused': {type: 'merge-refused', ...attempt, paths: ['src/a.ts']},
	'subtask-completed': {
		type: 'subtask-completed',
		...attempt,
		summary: 'parses lines',
		outputs: {answer: 42},
	},
	'subtask-failed': {type: 'subtask-failed', subtask: 'parse', failure},
	'subtask-skipped': {type: 'subtask-skipped', subtask: 'report', reason: '"parse" failed'},
	'subtask-cancelled': {
		type: 'subtask-cancelled',
		subtask: 'parse',
		reason: 'cancelled by you',
		inbox: 'i4',
	},
	'subtask-reopened': {type: 'subtask-reopened', subtask: 'parse', reason: 'retry'},
	'cancel-requested': {type: 'cancel-requested', subtask: 'parse', inbox: 'i5'},
	'agent-started': {type: 'agent-started', ...scope, provider: 'ollama', model: 'qwen3'},
	'agent-finished': {type: 'agent-finished', ...scope, reason: 'finished', turns: 4},
	'agent-waiting': {
		type: 'agent-waiting',
		...scope,
		for: 'rate-limit',
		detail: 'the server is busy',
		until: '2026-11-22T10:00:30.000Z',
	},
	'agent-resumed': {type: 'agent-resumed', ...scope},
	'model-call-started': {
		type: 'model-call-started',
		...scope,
		call: 'call-1',
		turn: 3,
		request: 'ab12',
		reserved: 4_000,
	},
	'model-call-finished': {
		type: 'model-call-finished',
		...scope,
		call: 'call-1',
		request: 'ab12',
		model: 'qwen3:8b',
		answer: blob,
		stopReason: 'tool-calls',
		usage,
		durationMs: 800.5,
		said: 'I look at the parser.',
	},
	'model-call-failed': {
		type: 'model-call-failed',
		...scope,
		call: 'call-1',
		failure,
		try: 1,
		retryInMs: 1_500,
	},
	'tool-call-started': {
		type: 'tool-call-started',
		...scope,
		call: 'tool-7',
		tool: 'edit_file',
		effect: 'write',
		summary: 'edit_file src/a.ts (+3 −1)',
		intent: {path: 'src/a.ts', before: null, after: 'c0ffee'},
	},
	'tool-call-finished': {
		type: 'tool-call-finished',
		...scope,
		call: 'tool-7',
		ok: true,
		result: 'done',
		durationMs: 3,
		interrupted: false,
		files: [{path: 'src/a.ts', hash: 'c0ffee', written: true}],
	},
	'turn-interrupted': {type: 'turn-interrupted', ...scope, turn: 3, inbox: 'i9'},
	'message-sent': {
		type: 'message-sent',
		message: 'm1',
		from: 'teammate-1',
		to: 'teammate-2',
		text: 'the format is JSON',
		inbox: 'i6',
	},
	'message-delivered': {
		type: 'message-delivered',
		...scope,
		agent: 'teammate-2',
		message: 'm1',
		turn: 3,
	},
	'model-switched': {
		type: 'model-switched',
		agent: 'teammate-1',
		subtask: 'parse',
		attempt: 2,
		turn: 3,
		from: {provider: 'openai', model: 'big', baseUrl: 'http://host'},
		to: {provider: 'ollama', model: 'small', baseUrl: 'http://other'},
		failure: {kind: 'quota', message: 'nothing is left', hint: 'pay'},
	},
	'context-compacted': {
		type: 'context-compacted',
		agent: 'teammate-1',
		subtask: 'parse',
		attempt: 2,
		turn: 3,
		level: 1,
		state: 'parse: running',
		reason: 'it takes 9000 of 8192 tokens',
		conversation: 'f'.repeat(64),
	},
	'budget-warned': {
		type: 'budget-warned',
		tokens: 80_000,
		maxTokens: 100_000,
		usd: 4,
		maxUsd: 5,
	},
	'budget-changed': {type: 'budget-changed', maxTokens: 200_000, maxUsd: 10, inbox: 'i8'},
	'delivery-started': {
		type: 'delivery-started',
		mode: 'branch',
		head: 'm1',
		paths,
		reason: 'src/a.ts changed since',
	},
	'delivery-finished': {
		type: 'delivery-finished',
		mode: 'branch',
		files: ['src/a.ts'],
		target: 'llm-orchestrator/r1',
	},
	'undo-started': {type: 'undo-started', paths},
	'undo-finished': {type: 'undo-finished', files: ['src/a.ts'], kept: ['src/b.ts']},
	'inbox-refused': {type: 'inbox-refused', file: 'i7', problem: 'it is not JSON'},
};

/** One event of every type. */
export const everyEvent: readonly RunEvent[] = Object.values(bodies).map((body, index) =>
	placed(body, index + 1),
);

/** Gives an event its place in a log, with a second between any two. */
export function placed(body: RunEventBody, seq = 1): RunEvent {
	const time = new Date(Date.UTC(2026, 10, 22, 10, 0, seq)).toISOString();
	return {v: 1, seq, time, run: 'r1', epoch: 1, ...body};
}

/** The same event with hostile text appended to every text in it that is free. */
export function poisoned(event: RunEvent, poison: string): unknown {
	const spread = (value: unknown, key: string): unknown => {
		if (typeof value === 'string') {
			return structural.has(key) ? value : `${value}${poison}`;
		}

		if (Array.isArray(value)) {
			return value.map(item => spread(item, key));
		}
		if (typeof value !== 'object' || value === null) {
			return value;
		}
		return Object.fromEntries(
			Object.entries(value).map(([name, field]) => [name, spread(field, name)]),
		);
	};
	return spread(event, '');
}

/** Fields whose values come from fixed sets, or that are read by machines alone. */
const structural: ReadonlySet<string> = new Set(
	'type time kind origin decision scope strategy status for effect mode outcome result place blob permission approve unpriced unverified plan until by'.split(
		' ',
	),
);
