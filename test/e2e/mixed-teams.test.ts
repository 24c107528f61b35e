import {beforeEach, describe, expect, test} from 'vitest';
import {openCommandLine, type CommandLine} from '../helpers/command-line.ts';
import {filesIn} from '../helpers/files.ts';
import {eventsOf, type ProgramEnd} from '../helpers/program.ts';
import {readEvents} from '../helpers/run-log.ts';
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

describe('a team of several models', () => {
	test('is made by flags, described by list, and each agent works with its own', async () => {
		const anthropic = await line.serve(threeFilesTeam, {models: ['claude-lead']});
		const ollama = await line.serve(threeFilesTeam, {models: ['small:1b']});
		const openai = await line.serve(threeFilesTeam, {models: ['vendor/m']});
		await line.create(
			`--lead anthropic:claude-lead@${anthropic.url}`,
			`--teammate fast=ollama:small:1b@${ollama.url}`,
			`--teammate openai:vendor/m@${openai.url}/v1`,
		);
		const listed = (await line.call('list')).out;
		expect(listed).toBe(
			'crew: lead anthropic claude-lead; fast (ollama small:1b), openai vendor/m\n',
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
			`--lead openai:test-model@${openai.url}`,
			`--teammate ollama:test-model@${ollama.url}`,
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
				{
					name: 'small',
					type: 'ollama',
					model: 'test-model',
					baseUrl: ollama.url,
					contextTokens: 9216,
				},
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

	test('asks for one context of a model, whatever its agents say, so that it is loaded once', async () => {
		const server = await line.serve(threeFilesTeam);
		await line.create('-p', 'ollama', '-m', 'test-model', '-u', server.url);
		const member = {type: 'ollama', model: 'test-model', baseUrl: server.url};
		await line.editTeam(team => ({
			...team,
			leadProvider: {...member, contextTokens: 16_384},
			teammates: [{...member, contextTokens: 8_192}, member],
		}));
		const end = await line.run();
		expect(end.code, end.err).toBe(0);
		const contexts = server.requests.map(({body}) => JSON.stringify(body['options']));
		expect(new Set(contexts).size).toBe(1);
	});

	/** The most calls that were there at once, where only teammates are held to one. */
	async function mostAtOnce(parallelCallsOfLead: number | undefined): Promise<number> {
		let inside = 0;
		let most = 0;
		const second = Promise.withResolvers<void>();
		const server = await line.serve(async request => {
			if (request.schema) {
				return threeFilesTeam(request);
			}

			inside += 1;
			most = Math.max(most, inside);
			if (inside > 1) {
				second.resolve();
			}

			await Promise.race([second.promise, program.waitFor('"for":"slot"')]);
			inside -= 1;
			return threeFilesTeam(request);
		});
		await line.create('-p', 'openai', '-m', 'test-model', '-u', server.url);
		const member = {type: 'openai', model: 'test-model', baseUrl: server.url};
		await line.editTeam(team => ({
			...team,
			leadProvider: {...member, parallelCalls: parallelCallsOfLead},
			teammates: [1, 2].map(() => ({...member, parallelCalls: 1})),
		}));
		const program = line.start();
		const end = await program.ended;
		expect(end.code, end.err).toBe(0);
		return most;
	}

	test('asks an endpoint for no more at once than its file says', async () => {
		expect(await mostAtOnce(1)).toBe(1);
		expect(await readEvents(line.home)).toContainEqual(
			expect.objectContaining({
				type: 'agent-waiting',
				for: 'slot',
				detail: expect.stringMatching(/^openai .*\b1\b/),
			}),
		);
	});

	test('also where it says so of the teammates alone', async () => {
		expect(await mostAtOnce(undefined)).toBe(1);
	});
});

describe('a team whose file is wrong', () => {
	const address = 'http://127.0.0.1:9';
	test.each([
		[
			'names a provider that does not exist',
			{leadProvider: {type: 'skynet'}},
			2,
			/config\.json is not valid at "leadProvider\.type": unknown provider "skynet"/,
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
			2,
			/"leadProvider\.headers": names consist of letters, digits and "-"/,
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
			/"teammates": two agents have the same name/,
		],
		[
			'gives an agent a name that is none',
			{teammates: [{type: 'demo', name: 'A B'}]},
			2,
			/"teammates\[0\]\.name": not a valid agent name: use lower-case letters/,
		],
		[
			'misspells a key',
			{fallback: [{type: 'demo'}]},
			2,
			/config\.json has no key "fallback"; did you mean "fallbacks"\?/,
		],
		[
			'holds a password',
			{leadProvider: {type: 'openai', baseUrl: 'http://me:secret@host'}},
			2,
			/"leadProvider\.baseUrl": keys come only from the environment/,
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
