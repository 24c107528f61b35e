import {beforeEach, describe, expect, test} from 'vitest';
import {openCommandLine, runWords, type CommandLine} from '../helpers/command-line.ts';
import {filesIn} from '../helpers/files.ts';
import {call, httpError, startModelServer, type Script} from '../helpers/model-server.ts';
import {eventsOf, lastLineOf, type ProgramEnd} from '../helpers/program.ts';
import {threeFiles, threeFilesTeam} from '../helpers/scripted-team.ts';

let line: CommandLine;

beforeEach(async () => {
	line = await openCommandLine({
		TEAM_TOKEN: 'a-token-of-the-team',
		OTHER_TOKEN: 'another',
	});
});

function switchesOf(end: ProgramEnd) {
	return eventsOf(end).filter(event => event.type === 'model-switched');
}

/** An address at which nothing listens. */
async function nobody(): Promise<string> {
	const server = await startModelServer(threeFilesTeam);
	await server.close();
	return server.url;
}

describe('an agent whose provider fails for good goes on with the fallback', () => {
	const quota = httpError(429, {
		error: {
			message: 'You exceeded your current quota.',
			type: 'insufficient_quota',
			code: 'insufficient_quota',
		},
	});

	test.each([
		['refuses the key', 'auth', async () => (await line.serve(threeFilesTeam, {key: 'no'})).url],
		['is not there', 'server-down', nobody],
		['has nothing left to spend', 'quota', async () => (await line.serve(() => quota)).url],
		[
			'does not have the model',
			'model-missing',
			async () => (await line.serve(threeFilesTeam, {models: ['another']})).url,
		],
	])('one that %s', async (_, kind, start) => {
		const url = await start();
		const spare = await line.serve(threeFilesTeam);
		await line.create(
			`--lead openai:test-model@${url}`,
			`--teammate openai:test-model@${url}`,
			'-n 2',
			`--fallback ollama:test-model@${spare.url}`,
		);
		expect((await line.call('list')).out).toContain('; falls back to ollama test-model');
		const end = await line.run();
		expect(end.code, end.err).toBe(0);
		expect(await filesIn(line.directory)).toEqual(threeFiles);
		expect(spare.requests).toHaveLength(10);
		expect(switchesOf(end)[0]).toMatchObject({
			agent: 'lead',
			from: {provider: 'openai', model: 'test-model', baseUrl: url},
			to: {provider: 'ollama', model: 'test-model', baseUrl: spare.url},
			failure: {kind},
		});
		const failed = eventsOf(end).filter(({type}) => type === 'model-call-failed');
		expect(failed, 'what fails for good is found out once').toHaveLength(1);
	});

	test('and a person sees who, from what to what, and why', async () => {
		const url = await nobody();
		const spare = await line.serve(threeFilesTeam);
		await line.create(
			`-p llama-server -m big -u ${url} -n 1`,
			`--fallback openai:test-model@${spare.url}`,
		);
		const end = await line.call(...runWords, '--ui', 'inline');
		expect(end.code, end.err).toBe(0);
		expect(end.out).toMatch(
			/^.*\blead +switched from llama-server big to openai test-model.*server-down/m,
		);
		expect(end.out).toMatch(/teammate-1 +switched from .* to openai test-model/);
	});

	test('also when it is another key at the same address', async () => {
		const server = await line.serve(threeFilesTeam, {key: 'a-token-of-the-team'});
		await line.create('-p', 'openai', '-m', 'test-model', '-u', server.url);
		const target = {type: 'openai', model: 'test-model', baseUrl: server.url};
		await line.editTeam(team => ({
			...team,
			leadProvider: {...target, headers: {Authorization: 'Bearer $OTHER_TOKEN'}},
			fallbacks: [{...target, headers: {Authorization: 'Bearer $TEAM_TOKEN'}}],
		}));
		const end = await line.run();
		expect(end.code, end.err).toBe(0);
		expect(await filesIn(line.directory)).toEqual(threeFiles);
	});

	test('but failed work never does', async () => {
		const lazy: Script = request =>
			request.schema ? threeFilesTeam(request) : call('finish', {summary: 'did nothing'});
		const server = await line.serve(lazy);
		const spare = await line.serve(threeFilesTeam);
		await line.create(
			`-p openai -m test-model -u ${server.url}`,
			`--fallback openai:test-model@${spare.url}`,
		);
		const end = await line.run();
		expect(end.code).toBe(1);
		expect(switchesOf(end)).toEqual([]);
		expect(spare.requests).toEqual([]);
		expect(eventsOf(end)).toContainEqual(
			expect.objectContaining({
				type: 'attempt-failed',
				failure: expect.objectContaining({kind: 'check-failed'}),
			}),
		);
	});
});

test('where no provider is left, the end names the next command, which goes on once one is back', async () => {
	const lead = await line.serve(threeFilesTeam);
	const gone = await nobody();
	await line.create(
		`--lead openai:test-model@${lead.url}`,
		`--teammate ollama:test-model@${gone}`,
		`--fallback lmstudio:test-model@${await nobody()}`,
	);
	const end = await line.run();
	expect(end.code).toBe(4);
	expect(lastLineOf(end)).toMatch(
		/no-provider: .*cannot be reached.* → .*lms server start, or check .*; then: llm-orchestrator resume \S+$/,
	);
	expect(eventsOf(end).at(-1)).toMatchObject({type: 'run-stopped'});
	expect(await filesIn(line.directory)).toEqual({});

	const back = await line.serve(threeFilesTeam, {port: Number(new URL(gone).port)});
	const resumed = await line.resume();
	expect(resumed.code, resumed.err).toBe(0);
	expect(await filesIn(line.directory)).toEqual(threeFiles);
	expect(lead.requests, 'the plan is not asked for again').toHaveLength(1);
	expect(back.requests).toHaveLength(9);
});
