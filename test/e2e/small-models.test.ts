import {beforeEach, describe, expect, test} from 'vitest';
import {openCommandLine, runWords, type CommandLine} from '../helpers/command-line.ts';
import {filesIn} from '../helpers/files.ts';
import {
	answerJson,
	call,
	say,
	type ModelRequest,
	type Reply,
	type Script,
} from '../helpers/model-server.ts';
import {eventsOf, lastLineOf, type ProgramEnd} from '../helpers/program.ts';
import {subtaskOf, threeFilesPlan, threeFilesTeam, turnOf} from '../helpers/scripted-team.ts';

let line: CommandLine;

beforeEach(async () => {
	line = await openCommandLine();
});

type Call = {readonly name: string; readonly arguments: unknown};

/** Whether a plan is asked for; other answers with a schema are calls that the server enforces. */
function isPlanning({schema}: ModelRequest): boolean {
	return JSON.stringify(schema ?? {}).includes('"subtasks"');
}

/** The first of the three files, as the whole plan. */
const plan = answerJson({
	...threeFilesPlan,
	subtasks: threeFilesPlan.subtasks.slice(0, 1),
	checks: [],
});

/** The team that writes it, whose teammate writes its calls in its own way. */
function writing(print: (call: Call, request: ModelRequest) => Reply): Script {
	return request => {
		if (isPlanning(request)) {
			return plan;
		}

		const reply = threeFilesTeam({...request, schema: undefined});
		const [made] = reply.kind === 'answer' ? (reply.calls ?? []) : [];
		return made ? print(made, request) : reply;
	};
}

async function runWith(script: Script, provider = 'llama-server'): Promise<ProgramEnd> {
	const server = await line.serve(script);
	await line.create('-p', provider, '-m', 'test-model', '-u', server.url);
	return line.run();
}

async function expectDone(end: ProgramEnd): Promise<void> {
	expect(end.code, end.err).toBe(0);
	expect(await filesIn(line.directory)).toEqual({'one.txt': 'one\n'});
	// Every line of standard output is an event, and standard error has the last line alone.
	expect(eventsOf(end).at(-1)).toMatchObject({type: 'run-finished'});
	expect(end.err.trimEnd().split('\n')).toHaveLength(1);
}

function recoveredIn(end: ProgramEnd): number {
	return eventsOf(end).filter(event => event.type === 'tool-call-started' && event.recovered)
		.length;
}

const json = ({name, arguments: args}: Call) => JSON.stringify({name, arguments: args});
const inFence = (made: Call) => `\`\`\`json\n${json(made)}\n\`\`\``;

describe('a model of 270 million parameters', () => {
	const steps = answerJson({steps: [{instructions: 'Write the text "One" into one.txt.'}]});

	test.each(['llama-server', 'ollama'])(
		'gets simple requests from %s: steps to plan, the work alone, calls to imitate',
		async provider => {
			const asked: ModelRequest[] = [];
			const server = await line.serve(
				request => {
					asked.push(request);
					if (JSON.stringify(request.schema).includes('"steps"')) {
						return steps;
					}

					const isWritten = request.lastMessage.includes('Created one.txt');
					return answerJson(
						isWritten
							? {name: 'finish', arguments: {summary: 'done'}}
							: {name: 'write_file', arguments: {path: 'one.txt', content: 'one\n'}},
					);
				},
				{parameters: 270e6, tools: false},
			);
			await line.create('-p', provider, '-m', 'test-model', '-u', server.url);
			const end = await line.run('--check', 'grep -q one one.txt');
			await expectDone(end);
			const [planning, ...work] = asked;
			expect(planning?.prompt).not.toContain('dependsOn');
			expect(work.map(({lastMessage}) => lastMessage)).toEqual([
				expect.stringMatching(/write three files$/),
				expect.stringContaining('Created one.txt'),
			]);
			expect(work[0]?.prompt).toContain('good morning');
			expect(work[0]?.prompt).not.toContain('send_message');
			expect(JSON.stringify(asked.map(({body}) => body))).toContain('"temperature":0.2');
		},
	);

	test('has done its work when the checks pass, though it never says so', async () => {
		const server = await line.serve(
			request =>
				JSON.stringify(request.schema).includes('"steps"')
					? steps
					: answerJson({name: 'write_file', arguments: {path: 'one.txt', content: 'one\n'}}),
			{parameters: 270e6, tools: false},
		);
		await line.create('-p', 'llama-server', '-m', 'test-model', '-u', server.url);
		await expectDone(await line.run('--check', 'grep -q one one.txt'));
	});
});

describe('a model that prints its calls as text gets its work done', () => {
	test.each<[string, string, (made: Call) => string]>([
		['as plain JSON', 'llama-server', json],
		['as plain JSON', 'ollama', json],
		['as plain JSON', 'anthropic', json],
		['in a fence', 'openai', inFence],
		['in tags', 'ollama', made => `<tool_call>\n${json(made)}\n</tool_call>`],
		[
			'in the brackets of LM Studio',
			'lmstudio',
			made => `[TOOL_REQUEST]${json(made)}[END_TOOL_REQUEST]`,
		],
		[
			'in leaked harmony',
			'llama-server',
			({name, arguments: args}) =>
				`<|channel|>commentary to=functions.${name} <|constrain|>json<|message|>${JSON.stringify(args)}`,
		],
		[
			'in harmony that has lost its tokens',
			'openai',
			({name, arguments: args}) => `to=functions.${name} commentary json${JSON.stringify(args)}`,
		],
		['behind thoughts', 'ollama', made => `<think>Let me see.</think>\n${json(made)}`],
		['behind thoughts without a beginning', 'openai', made => `Let me see.</think>\n${json(made)}`],
	])('%s, with %s', async (_, provider, print) => {
		const end = await runWith(
			writing(made => say(print(made))),
			provider,
		);
		await expectDone(end);
		expect(recoveredIn(end)).toBe(3);
	});

	test('and a person sees that they were read from its text', async () => {
		const server = await line.serve(writing(made => say(inFence(made))));
		await line.create('-p', 'openai', '-m', 'test-model', '-u', server.url);
		const end = await line.call(...runWords, '--ui', 'inline');
		expect(end.out).toMatch(/→ write_file one\.txt .*\(parsed from text\)$/m);
	});

	test('but a call that stands in prose is not run: the server is made to enforce the next one', async () => {
		const forced: boolean[] = [];
		const server = await line.serve(
			writing((made, request) => {
				if (turnOf(request) % 2 === 0) {
					return say(
						`The file says ${json({name: 'run_command', arguments: {command: 'touch ran'}})}.`,
					);
				}

				forced.push(request.schema !== undefined);
				return say(json(callAfter(made, request)));
			}),
		);
		await line.create('-p', 'llama-server', '-m', 'test-model', '-u', server.url);
		const end = await line.run();
		await expectDone(end);
		expect(forced).toEqual(Array.from({length: 2}, () => true));
		const tools = eventsOf(end).flatMap(event =>
			event.type === 'tool-call-started' ? [event.tool] : [],
		);
		expect(new Set(tools)).toEqual(new Set(['write_file', 'finish']));
	});
});

/** Every other turn goes by in prose: write, then finish. */
function callAfter({name}: Call, request: ModelRequest): Call {
	const id = subtaskOf(request);
	return name === 'run_command'
		? {name: 'write_file', arguments: {path: `${id}.txt`, content: `${id}\n`}}
		: {name: 'finish', arguments: {summary: `wrote ${id}.txt`}};
}

describe('a model that cannot call tools', () => {
	test.each(['ollama', 'llama-server'])(
		'at %s is told of them in words, and gets its work done',
		async provider => {
			const server = await line.serve(
				writing(made => say(json(made))),
				{tools: false},
			);
			await line.create('-p', provider, '-m', 'test-model', '-u', server.url);
			const end = await line.run();
			await expectDone(end);
			expect(recoveredIn(end)).toBe(3);
			for (const request of server.requests) {
				expect(request.tools).toEqual([]);
				expect(request.body).not.toHaveProperty('tools');
			}

			expect(server.requests.filter(request => /- write_file: /.test(request.prompt))).toHaveLength(
				3,
			);
		},
	);
});

describe('a model that is nearly right gets its work done', () => {
	test.each<[string, string, (made: Call, request: ModelRequest) => Reply]>([
		[
			'with tool names in another spelling',
			'llama-server',
			({name, arguments: args}) => rawCall(`functions.${name.toUpperCase()}`, args),
		],
		[
			'with arguments in a string of their own',
			'openai',
			({name, arguments: args}) => rawCall(name, JSON.stringify(JSON.stringify(args))),
		],
		[
			'with arguments in one wrapper more',
			'ollama',
			({name, arguments: args}) => rawCall(name, {arguments: args}),
		],
		[
			'with a comma too many',
			'lmstudio',
			({name, arguments: args}) => rawCall(name, JSON.stringify(args).replace(/\}$/, ',}')),
		],
		[
			'with an empty answer first',
			'ollama',
			({name, arguments: args}, request) =>
				turnOf(request) === 0 && request.ordinal % 2 === 1 ? say('') : rawCall(name, args),
		],
		[
			'with thoughts in tags around its calls',
			'openai',
			({name, arguments: args}) => ({...answerOf(name, args), text: '<think>Hm.</think>'}),
		],
	])('%s, with %s', async (_, provider, print) => {
		const end = await runWith(writing(print), provider);
		await expectDone(end);
	});

	test('with arguments of a wrong type: it is told what was expected, and does it right', async () => {
		const told: string[] = [];
		const server = await line.serve(request => {
			if (isPlanning(request)) {
				return plan;
			}

			if (turnOf(request) === 0) {
				return rawCall('write_file', {path: ['one.txt'], content: 7});
			}

			if (turnOf(request) === 1) {
				told.push(request.lastMessage);
				return rawCall('write_file', {
					path: `${subtaskOf(request)}.txt`,
					content: `${subtaskOf(request)}\n`,
				});
			}

			return rawCall('finish', {summary: 'done'});
		});
		await line.create('-p', 'ollama', '-m', 'test-model', '-u', server.url);
		await expectDone(await line.run());
		expect(told).toHaveLength(1);
		for (const text of told) {
			expect(text).toMatch(/path/);
			expect(text).toMatch(/write_file/);
		}
	});
});

function answerOf(name: string, args: unknown): Extract<Reply, {kind: 'answer'}> {
	const given = typeof args === 'string' ? args : JSON.stringify(args);
	return {kind: 'answer', calls: [{name, arguments: given}]};
}

/** Ollama takes arguments as objects only. */
function rawCall(name: string, args: unknown): Reply {
	return typeof args === 'string'
		? answerOf(name, args)
		: call(name, args as Record<string, never>);
}

describe('a model that is of no use', () => {
	test.each([
		['never calls a tool', say('I will now write the file.'), /called no tool/],
		['says nothing at all', say(''), /empty answer/],
		[
			'repeats one call for ever',
			call('list_files', {path: '.'}),
			/repeated the same call without getting any further/,
		],
	])(
		'because it %s ends its attempts and the run, which says why: exit 1',
		async (_, reply, why) => {
			const end = await runWith(request => (isPlanning(request) ? plan : reply));
			expect(end.code).toBe(1);
			const failures = eventsOf(end).flatMap(event =>
				event.type === 'attempt-failed' ? [event.failure.message] : [],
			);
			expect(failures.length).toBeGreaterThan(0);
			for (const message of failures) {
				expect(message).toMatch(why);
			}

			expect(lastLineOf(end)).toMatch(why);
			expect(lastLineOf(end)).toMatch(/ → llm-orchestrator resume /);
			expect(await filesIn(line.directory)).toEqual({});
		},
	);
});
