/*
 * Runs a team from your own program with parts of your own: a model that is a function, a tool, a sandbox
 * that only notes commands, an in-memory store, a clock. Run `npm run build` first, then:
 *
 *     node examples/library.ts DIRECTORY
 */
import {mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {z} from 'zod';
import {
	createMemoryStore,
	createOrchestrator,
	createRedactor,
	defaultRunSettings,
	parsePlan,
	type Answer,
	type ChatRequest,
	type Clock,
	type Provider,
	type Sandbox,
	type Tool,
} from 'llm-orchestrator';

const [, , argument] = process.argv;
if (argument === undefined) {
	console.error('usage: node examples/library.ts DIRECTORY (the team writes a file there)');
	process.exit(2);
}

const directory = path.resolve(argument);

/** The scripted answer for each turn: get the time, write a file, finish. */
function answerTo({messages}: ChatRequest): Answer {
	const turn = messages.filter(({role}) => role === 'assistant').length;
	const steps = [
		['tell_time', {}],
		['write_file', {path: 'greeting.txt', content: 'Hello from a library\n'}],
		['finish', {summary: 'wrote a greeting'}],
	] as const;
	const [name, args] = steps[Math.min(turn, steps.length - 1)] ?? steps[0];
	return {
		message: {
			role: 'assistant',
			parts: [
				{
					kind: 'tool-call',
					id: `call-${turn}`,
					name,
					argumentsText: JSON.stringify(args),
					arguments: args,
				},
			],
			origin: {provider: 'custom', model: 'function'},
		},
		stopReason: 'tool-calls',
		usage: {
			input: 100,
			cacheRead: null,
			cacheWrite: null,
			output: 20,
			reasoning: null,
			estimated: false,
		},
		model: 'function',
	};
}

const provider: Provider = {
	type: 'custom',
	endpoint: 'function:',
	health: async () => ({state: 'up'}),
	models: async () => [{id: 'function'}],
	capabilities: async () => ({
		tools: 'native',
		structuredOutput: 'enforced',
		contextTokens: null,
		maxOutputTokens: null,
		parallelCalls: null,
	}),
	async *stream(request) {
		yield {type: 'finished', answer: answerTo(request)};
	},
};

const clock: Clock = {
	now: () => Date.parse('2030-01-01T12:00:00Z'),
	monotonic: () => performance.now(),
	sleep: async (ms, signal) => sleep(ms, undefined, {signal}),
};

const tellTime: Tool<Record<string, never>> = {
	name: 'tell_time',
	description: 'Tells the time.',
	input: z.strictObject({}),
	example: {},
	effect: 'read',
	prepare: async () => ({
		summary: 'tell_time',
		execute: async () => ({ok: true, text: new Date(clock.now()).toISOString()}),
	}),
};

const commands: string[] = [];

const sandbox: Sandbox = {
	confinement: {backend: 'notes', label: 'runs nothing', confined: true},
	killLeftovers: async () => undefined,
	async run({command}) {
		commands.push(command);
		return {exitCode: 0, endedBy: 'exit', output: '', outputBytes: 0, durationMs: 0};
	},
};

const work = await mkdtemp(path.join(tmpdir(), 'library-'));
const redact = createRedactor([]);
const store = createMemoryStore({redact});
const orchestrator = createOrchestrator({
	store,
	redact,
	environment: process.env,
	program: 'library example',
	workDirectory: run => path.join(work, run),
	provider: ({provider: name}) => (name === 'mine' ? provider : undefined),
	tools: builtIn => [...builtIn, tellTime],
	sandbox,
	clock,
});

const parsed = parsePlan({
	summary: 'Greet',
	subtasks: [
		{
			id: 'greet',
			title: 'Greet',
			instructions: 'Write greeting.txt',
			checks: ['test -s greeting.txt'],
		},
	],
});
if (!parsed.ok) {
	throw new Error(parsed.problems.map(({message}) => message).join('\n'));
}

const agent = {provider: 'mine', model: 'function'};
const run = await orchestrator.start(
	{
		run: 'greeting',
		task: 'Write a greeting',
		directory,
		team: {
			name: 'library',
			lead: {name: 'lead', ...agent},
			teammates: [{name: 'teammate-1', ...agent}],
		},
		settings: {...defaultRunSettings, approve: 'all'},
	},
	{givenPlan: parsed.plan},
);
const report = await run.done;
for (const event of await run.events()) {
	if (event.type === 'tool-call-finished') {
		const result = await run.read(event.result);
		console.log(`${event.time}  ${event.call}  ${result}`);
	}
}

console.log(`${report.outcome}: ${report.delivered?.files.join(', ')}`);
console.log(`checks: ${commands.join(', ')}`);
await store.close();
