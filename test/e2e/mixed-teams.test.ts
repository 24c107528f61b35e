import {beforeEach, describe, expect, test} from 'vitest';
import {openCommandLine, runWords, type CommandLine} from '../helpers/command-line.ts';
import {filesIn} from '../helpers/files.ts';
import {call, httpError, startModelServer, type Script} from '../helpers/model-server.ts';
import {eventsOf, lastLineOf, type ProgramEnd} from '../helpers/program.ts';
import {threeFiles, threeFilesTeam} from '../helpers/scripted-team.ts';

let line: CommandLine;

beforeEach(async () => {
	line = await openCommandLine({TEAM_TOKEN: 'a-token-of-the-team'});
});

/** Who was started with which model, and whom the answers came from. */
function workersOf(end: ProgramEnd): readonly string[] {
	const started = eventsOf(end).flatMap(event =>
		event.type === 'agent-started' ? [`${event.agent}: ${event.provider} ${event.model}`] : [],
	);
	return [...new Set(started)].sort();
}

function switchesOf(end: ProgramEnd) {
	return eventsOf(end).filter(event => event.type === 'model-switched');
}

/** An address at which nothing listens. */
async function nobody(): Promise<string> {
	const server = await startModelServer(threeFilesTeam);
	await server.close();
	return server.url;
}

describe('a team of several models', () => {
	test('is made by flags, described by list, and each agent works with its own', async () => {
		const anthropic = await line.serve(threeFilesTeam, {models: ['claude-lead']});
		const ollama = await line.serve(threeFilesTeam, {models: ['small:1b']});
		const openai = await line.serve(threeFilesTeam, {models: ['vendor/m']});
		await line.create(
			...['--lead', `anthropic:claude-lead@${anthropic.url}`],
			...['--teammate', `fast=ollama:small:1b@${ollama.url}`],
			...['--teammate', `openai:vendor/m@${openai.url}/v1`],
		);
		const listed = (await line.call('list')).out;
		expect(listed).toBe(
			'crew: lead anthropic, claude-lead; fast ollama, small:1b, openai, vendor/m\n',
		);

		const end = await line.run();
		expect(end.code, end.err).toBe(0);
		expect(await filesIn(line.directory)).toEqual(threeFiles);
		expect(workersOf(end)).toEqual([
			'fast: ollama small:1b',
			'lead: anthropic claude-lead',
			'teammate-2: openai vendor/m',
		]);
		const answers = eventsOf(end).flatMap(event =>
			event.type === 'model-call-finished' ? [`${event.agent}: ${event.model}`] : [],
		);
		expect([...new Set(answers)].sort()).toEqual([
			'fast: small:1b',
			'lead: claude-lead',
			'teammate-2: vendor/m',
		]);
		expect(anthropic.requests.map(({path}) => path)).toEqual(['/v1/messages']);
		expect(new Set(ollama.requests.map(({path}) => path))).toEqual(new Set(['/api/chat']));
		expect(new Set(openai.requests.map(({path}) => path))).toEqual(
			new Set(['/v1/chat/completions']),
		);
		expect(ollama.requests.length + openai.requests.length).toBe(9);
		expect(eventsOf(end).at(-1)).toMatchObject({
			report: {
				usage: {
					models: {'claude-lead': {calls: 1}, 'small:1b': {}, 'vendor/m': {}},
					agents: {lead: {calls: 1}, fast: {}, 'teammate-2': {}},
				},
			},
		});
	});

	test('can be edited by hand: headers from the environment, and the context to ask for', async () => {
		const ollama = await line.serve(threeFilesTeam);
		const openai = await line.serve(threeFilesTeam);
		await line.create(
			...['--lead', `openai:test-model@${openai.url}`],
			...['--teammate', `ollama:test-model@${ollama.url}`],
		);
		await line.editTeam(team => ({
			...team,
			leadProvider: {
				type: 'openai',
				model: 'test-model',
				baseUrl: openai.url,
				headers: {'X-Team': '$TEAM_TOKEN', 'X-Both': 'of ${TEAM_TOKEN}, kept'},
			},
			teammates: [
				{name: 'small', type: 'ollama', model: 'test-model', baseUrl: ollama.url, contextTokens: 9216},
			],
		}));
		const end = await line.run();
		expect(end.code, end.err).toBe(0);
		expect(openai.requests.map(({headers}) => [headers['x-team'], headers['x-both']])).toEqual([
			['a-token-of-the-team', 'of a-token-of-the-team, kept'],
		]);
		expect(workersOf(end)).toContain('small: ollama test-model');
		expect(ollama.requests).toHaveLength(9);
		for (const {body, headers} of ollama.requests) {
			expect(body['options']).toMatchObject({num_ctx: 9216});
			expect(headers).not.toHaveProperty('x-team');
		}

		expect(end.out + end.err).not.toContain('a-token-of-the-team');
	});

	test('asks an endpoint for no more at once than its file says', async () => {
		let inside = 0;
		let most = 0;
		const server = await line.serve(async request => {
			if (request.schema) {
				return threeFilesTeam(request);
			}

			inside += 1;
			most = Math.max(most, inside);
			await program.waitFor('"for":"slot"');
			inside -= 1;
			return threeFilesTeam(request);
		});
		await line.create('-p', 'openai', '-m', 'test-model', '-u', server.url);
		await line.editTeam(team => ({
			...team,
			leadProvider: {type: 'openai', model: 'test-model', baseUrl: server.url, parallelCalls: 1},
		}));
		const program = line.start();
		const end = await program.ended;
		expect(end.code, end.err).toBe(0);
		expect(most).toBe(1);
		expect(eventsOf(end)).toContainEqual(
			expect.objectContaining({
				type: 'agent-waiting',
				for: 'slot',
				detail: 'openai serves 1 at once',
			}),
		);
	});
});

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
			...['--lead', `openai:test-model@${url}`],
			...['--teammate', `openai:test-model@${url}`, '-n', '2'],
			...['--fallback', `ollama:test-model@${spare.url}`],
		);
		expect((await line.call('list')).out).toContain('; falls back to ollama, test-model');
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
			...['-p', 'llama-server', '-m', 'big', '-u', url, '-n', '1'],
			...['--fallback', `openai:test-model@${spare.url}`],
		);
		const end = await line.call(...runWords, '--ui', 'inline');
		expect(end.code, end.err).toBe(0);
		expect(end.out).toMatch(
			/^.*\blead +goes on with openai test-model in place of llama-server big: .*\[server-down\]/m,
		);
		expect(end.out).toMatch(/teammate-1 +goes on with openai test-model in place of/);
	});

	test('but failed work never does', async () => {
		const lazy: Script = request =>
			request.schema ? threeFilesTeam(request) : call('finish', {summary: 'did nothing'});
		const server = await line.serve(lazy);
		const spare = await line.serve(threeFilesTeam);
		await line.create(
			...['-p', 'openai', '-m', 'test-model', '-u', server.url],
			...['--fallback', `openai:test-model@${spare.url}`],
		);
		const end = await line.run();
		expect(end.code).toBe(1);
		expect(switchesOf(end)).toEqual([]);
		expect(spare.visits).toEqual([]);
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
		...['--lead', `openai:test-model@${lead.url}`],
		...['--teammate', `ollama:test-model@${gone}`],
		...['--fallback', `lmstudio:test-model@${await nobody()}`],
	);
	const end = await line.run();
	expect(end.code).toBe(4);
	expect(lastLineOf(end)).toMatch(
		/no-provider: .*cannot be reached.* → .*lms server start; then: llm-orchestrator resume \S+$/,
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

describe('a team whose file is wrong', () => {
	const address = 'http://127.0.0.1:9';
	test.each([
		[
			'names a provider that does not exist',
			{leadProvider: {type: 'gemini'}},
			2,
			/config\.json is not as it should be at "leadProvider\.type": .*"anthropic"/,
		],
		[
			'names a model that is retired',
			{leadProvider: {type: 'anthropic', model: 'claude-3-5-sonnet-20241022', baseUrl: address}},
			4,
			/claude-3-5-sonnet-20241022 is retired; use claude-sonnet-5-5/,
		],
		[
			'wants a variable that is not set',
			{leadProvider: {type: 'openai', model: 'm', baseUrl: address, headers: {a: '$NOT_THERE'}}},
			4,
			/NOT_THERE/,
		],
		[
			'holds a header that is none',
			{leadProvider: {type: 'openai', model: 'm', baseUrl: address, headers: {'a b': 'c'}}},
			4,
			/a b/,
		],
		[
			'gives two agents one name',
			{
				teammates: [
					{type: 'demo', name: 'a'},
					{type: 'demo', name: 'a'},
				],
			},
			2,
			/"teammates": two agents have one name/,
		],
		[
			'gives an agent a name that is none',
			{teammates: [{type: 'demo', name: 'A B'}]},
			2,
			/teammates/,
		],
		[
			'holds a password',
			{leadProvider: {type: 'openai', baseUrl: 'http://me:secret@host'}},
			2,
			/"leadProvider\.baseUrl": keys come from the environment only/,
		],
	])('that %s gets one message that says so', async (_, wrong, code, message) => {
		await line.create('-p', 'demo');
		await line.editTeam(team => ({...team, ...wrong}));
		const end = await line.run();
		expect(end.err).toMatch(message);
		expect(end.err).not.toMatch(/internal error|\n\s+at /);
		expect(end.err).not.toContain('secret');
		expect(end.err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
		expect(end.code).toBe(code);
	});
});
