import {readFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {z} from 'zod';
import {runProgram} from '../helpers/program.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

type Line = Readonly<Record<string, unknown>>;

function linesOf(out: string): readonly Line[] {
	return out
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as Line);
}

async function jsonSchema(): Promise<Line> {
	const home = await temporaryDirectory();
	const end = await runProgram(['run', '--json-schema'], {home});
	expect(end.code, end.err).toBe(0);
	return JSON.parse(end.out) as Line;
}

test('--json-schema prints the schema that is published', async () => {
	const file = new URL('../../docs/events.schema.json', import.meta.url);
	expect(await jsonSchema()).toEqual(JSON.parse(await readFile(file, 'utf8')));
});

test('--json prints events and nothing else, each valid by that schema, from run-started to one closing line', async () => {
	const home = await temporaryDirectory();
	const end = await runProgram(['demo', '--fast', '--json'], {home});
	expect(end.code, end.err).toBe(0);
	const lines = linesOf(end.out);
	const event = z.fromJSONSchema(await jsonSchema());
	for (const line of lines) {
		expect(event.safeParse(line).error, JSON.stringify(line)).toBeUndefined();
		expect(line).not.toHaveProperty('crc');
	}

	expect(event.safeParse({...lines[0], seq: 'one'}).success, 'the schema can say no').toBe(false);
	expect(lines.map(({seq}) => seq)).toEqual(lines.map((_, index) => index + 1));
	expect(lines[0]?.['type']).toBe('run-started');
	const closing = lines.filter(({type}) => type === 'run-finished' || type === 'run-stopped');
	expect(closing).toEqual([lines.at(-1)]);
	expect(lines.at(-1)).toMatchObject({
		type: 'run-finished',
		report: {
			outcome: 'completed',
			exitCode: 0,
			reason: expect.any(String),
			usage: {models: {scripted: {calls: 27}}},
			denied: [],
			delivered: {mode: 'apply', files: expect.arrayContaining(['src/parse.js'])},
		},
	});

	const about = lines.filter(({type}) => /^(subtask|attempt|merge|tool|check)-/.test(String(type)));
	const unnamed = about.filter(line => !('subtask' in line || 'subtasks' in line));
	expect(
		unnamed.filter(line => !('place' in line) && !('check' in line)),
		'every event of a subtask says of which',
	).toEqual([]);
});

test('what agents say while they say it comes only with --include-deltas, and is no event of the log', async () => {
	const home = await temporaryDirectory();
	const args = ['demo', '--fast', '--json', '--approve', 'ask', '--decision-timeout', '1ms'];
	const without = await runProgram(args, {home});
	expect(linesOf(without.out).some(({type}) => type === 'delta')).toBe(false);

	const lines = linesOf((await runProgram([...args, '--include-deltas'], {home})).out);
	const deltas = lines.filter(({type}) => type === 'delta');
	expect(deltas.length).toBeGreaterThan(0);
	for (const delta of deltas) {
		expect(delta).toEqual({
			v: 1,
			type: 'delta',
			run: expect.any(String),
			time: expect.stringMatching(/^\d{4}-.*Z$/),
			agent: 'lead',
			kind: expect.stringMatching(/^(text|thinking|output)$/),
			text: expect.any(String),
		});
	}

	const schema = z.fromJSONSchema(await jsonSchema());
	for (const line of lines) {
		expect(schema.safeParse(line).error, JSON.stringify(line)).toBeUndefined();
	}

	const events = lines.filter(({type}) => type !== 'delta');
	expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1));
});

test('an error before a run is one line too, valid by the schema', async () => {
	const home = await temporaryDirectory();
	const end = await runProgram(['run', 'nobody', 'a task', '--json'], {home});
	const [line, ...more] = linesOf(end.out);
	expect(line).toEqual({
		v: 1,
		type: 'error',
		message: 'unknown team "nobody"',
		hint: expect.stringContaining('llm-orchestrator create nobody'),
		exitCode: 2,
	});
	expect(more).toEqual([]);
	expect(end.code).toBe(2);
	expect(z.fromJSONSchema(await jsonSchema()).safeParse(line).success).toBe(true);
});

test.each([
	['list', 'teams'],
	['runs', 'runs'],
	['doctor', 'findings'],
	['test-provider', 'ok', 'demo'],
])('%s --json prints one document', async (command, key, ...words) => {
	const home = await temporaryDirectory();
	const end = await runProgram([command, ...words, '--json'], {home});
	expect(JSON.parse(end.out)).toHaveProperty(key);
	expect(end.out.trimEnd().split('\n')).toHaveLength(1);
	expect(end.err).toBe('');
});
