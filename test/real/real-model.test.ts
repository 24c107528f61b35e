import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {planForm} from '../../source/agents/plan-answer.ts';
import {planSchema} from '../../source/core/plan.ts';
import {parseJson} from '../../source/core/json.ts';
import {textOf} from '../../source/core/chat.ts';
import {createProvider} from '../../source/providers/factory.ts';
import {createFetch} from '../../source/providers/transport/fetch.ts';
import {openCommandLine, type CommandLine} from '../helpers/command-line.ts';
import {eventsOf} from '../helpers/program.ts';
import {
	missing,
	missingProgram,
	startRealServer,
	type RealServer,
	type ServerOptions,
} from './real-server.ts';

/** How often a task is tried. */
const tries = Number(process.env['TRIES'] ?? 10);
const check = 'grep -q hello out.txt';
const task = 'write hello into out.txt';

async function open(options?: ServerOptions): Promise<{line: CommandLine; server: RealServer}> {
	const server = await startRealServer(options);
	const line = await openCommandLine();
	await line.create('-p', server.provider, '-m', server.model, '-u', server.url);
	return {line, server};
}

const run = (line: CommandLine, ...words: readonly string[]) =>
	line.call('run', 'crew', ...words, '--permission', 'all', '--approve', 'criteria', '--json');

async function outcomes(...words: readonly string[]): Promise<readonly string[]> {
	const server = await startRealServer();
	const ends: string[] = [];
	for (let index = 0; index < tries; index++) {
		const line = await openCommandLine();
		await line.create('-p', server.provider, '-m', server.model, '-u', server.url);
		const end = await run(line, ...words);
		const text = await readFile(path.join(line.directory, 'out.txt'), 'utf8').catch(() => '');
		const isDone = end.code === 0 && text.includes('hello');
		ends.push(isDone ? 'done' : end.err.trim());
	}

	return ends;
}

describe.skipIf(missing !== undefined)(`a real model (${missing ?? 'real'})`, () => {
	test('is said to be usable', async ({annotate}) => {
		const server = await startRealServer();
		const line = await openCommandLine();
		const words = [server.provider, '-u', server.url, '-m', server.model];
		const end = await line.call('test-provider', ...words);
		await annotate(end.out);
		expect(end.code, end.err).toBe(0);
	});

	test('cannot write a plan with empty lists, texts or ids', async () => {
		const server = await startRealServer();
		const provider = await createProvider(
			{type: server.provider, baseUrl: server.url},
			{fetch: createFetch()},
		);
		const {name, grammar} = planForm();
		const signal = AbortSignal.timeout(10 * 60_000);
		const request = {
			model: server.model,
			system: 'Answer with JSON.',
			messages: [{role: 'user' as const, text: 'Plan in one subtask: write hello into out.txt.'}],
			output: {name, schema: grammar},
			temperature: 0.2,
			maxOutputTokens: 1_500,
		};
		const limits = {signal, idleMs: 300_000, firstByteMs: 300_000, retry: 0};
		for await (const event of provider.stream(request, limits)) {
			if (event.type === 'finished' && event.answer.stopReason === 'end') {
				const answer = parseJson(textOf(event.answer.message));
				const read = planSchema.safeParse(answer);
				expect(read.error?.issues ?? []).toEqual([]);
			}
		}
	});

	test.for([
		{what: 'that the person checks', words: [task, '--check', check]},
		{what: 'that holds its check', words: [`${task}, check \`${check}\``]},
	])('does a task of one file $what in 8 of 10 runs', async ({words}, {annotate}) => {
		const ends = await outcomes(...words);
		const done = ends.filter(end => end === 'done').length;
		await annotate(`${done} of ${tries} done`);
		expect(done, ends.join('\n')).toBeGreaterThanOrEqual(tries * 0.8);
	});

	test('goes on after a kill without being asked again what it had answered', async () => {
		const {line} = await open();
		const started = line.start('--check', 'test -f one.txt', '--max-parallel', '1');
		onTestFinished(() => {
			started.kill('SIGKILL');
		});
		await started.waitFor(/"type":"tool-call-finished"/, 10 * 60_000);
		started.kill('SIGKILL');
		await started.ended;
		const end = await line.resume();
		expect([0, 1]).toContain(end.code);
		const events = eventsOf(end);
		expect(events.at(-1)).toMatchObject({type: 'run-finished'});
		const answered = events.flatMap(event =>
			event.type === 'model-call-finished' ? [`${event.subtask ?? ''} ${event.request}`] : [],
		);
		expect(new Set(answered).size).toBe(answered.length);
	});
});

describe.skipIf(missingProgram !== undefined)(`a server (${missingProgram ?? 'real'})`, () => {
	test('with a small context still gets a task done, or the run says what to do', async () => {
		const {line} = await open({contextTokens: 1_024, slots: 1});
		const end = await run(line, task, '--check', check);
		if (end.code !== 0) {
			expect(end.err).toMatch(/context|red|repeated/);
		}

		expect([0, 1]).toContain(end.code);
	});

	test('with two slots serves two teammates at once', async () => {
		const {line} = await open({slots: 2});
		const plan = path.join(line.home, 'plan.json');
		const subtask = (id: string) => ({
			id,
			title: id,
			instructions: `Write the text "hello" into ${id}.txt.`,
			checks: [`grep -q hello ${id}.txt`],
		});
		await writeFile(plan, JSON.stringify({subtasks: [subtask('one'), subtask('two')]}));
		const end = await run(line, 'two files', '--plan', plan);
		expect([0, 1]).toContain(end.code);
		const events = eventsOf(end);
		const at = (type: string, id: string) =>
			events.findIndex(event => event.type === type && 'subtask' in event && event.subtask === id);
		expect(at('model-call-started', 'one')).toBeGreaterThan(-1);
		expect(at('model-call-started', 'two')).toBeGreaterThan(-1);
		const overlaps = events.some((event, index) => {
			const other = events[index + 1];
			return (
				event.type === 'model-call-started' &&
				other?.type === 'model-call-started' &&
				event.subtask !== other.subtask
			);
		});
		expect(overlaps).toBe(true);
	});
});
