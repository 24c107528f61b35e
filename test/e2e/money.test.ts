import {beforeEach, describe, expect, test} from 'vitest';
import {z} from 'zod';
import {openCommandLine, runWords, type CommandLine} from '../helpers/command-line.ts';
import {filesIn} from '../helpers/files.ts';
import {say, type ModelServer, type Script} from '../helpers/model-server.ts';
import {eventsOf, lastLineOf, type ProgramEnd} from '../helpers/program.ts';
import {threeFiles, threeFilesTeam} from '../helpers/scripted-team.ts';

let line: CommandLine;

beforeEach(async () => {
	line = await openCommandLine();
});

/** The team of three files, each call of which takes that many tokens. */
const counting =
	(usage: {readonly input: number; readonly cached: number; readonly output: number}): Script =>
	request => {
		const reply = threeFilesTeam(request);
		return reply.kind === 'answer' ? {...reply, usage} : reply;
	};

const prices = {'test-model': {input: 10, cacheRead: 1, output: 50}};
/** A call costs $0.01 + $0.001 + $0.005. */
const cached = counting({input: 2_000, cached: 1_000, output: 100});
const callUsd = 0.016;

async function createTeam(words: readonly string[] = [], script = cached): Promise<ModelServer> {
	const server = await line.serve(script);
	// One teammate, so that calls come one after the other.
	await line.create('-p', 'openai', '-m', 'test-model', '-u', server.url, '-n', '1', ...words);
	return server;
}

const shownSchema = z.object({
	report: z.object({
		cost: z.object({usd: z.number().nullable(), unpricedCalls: z.number()}),
		usage: z.object({
			total: z.object({calls: z.number(), usd: z.number(), unpriced: z.number()}),
			models: z.record(z.string(), z.object({calls: z.number(), usd: z.number()})),
			agents: z.record(z.string(), z.object({calls: z.number(), usd: z.number()})),
		}),
	}),
});

async function shownReport() {
	const end = await line.call('show', 'last', '--json');
	return shownSchema.parse(JSON.parse(end.out)).report;
}

/** The options that the last line offers for going on. */
function offeredOptions(end: ProgramEnd): readonly string[] {
	const [, words = ''] = / → llm-orchestrator resume \S+ (--.*)$/.exec(lastLineOf(end)) ?? [];
	return words.split(' ');
}

describe('a budget in dollars', () => {
	test('is warned of at 80 %, ends with exit 5 before it is passed, and the option offered then goes on', async () => {
		await line.writeConfig({prices});
		// A call costs $0.02 + $0.0125.
		const server = await createTeam([], counting({input: 2_000, cached: 0, output: 250}));
		const end = await line.run('--approve', 'all', '--budget', '0.1825');
		expect(end.code, end.err).toBe(5);
		expect(server.requests).toHaveLength(5);
		const spent = 5 * 0.0325;
		const warnings = eventsOf(end).filter(event => event.type === 'budget-warned');
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toMatchObject({usd: expect.closeTo(spent, 6), maxUsd: 0.1825});
		expect(lastLineOf(end)).toMatch(/limit-reached: .*of its \$0\.18/);
		expect(eventsOf(end).at(-1)).toMatchObject({
			type: 'run-stopped',
			report: {outcome: 'limit-reached', cost: {usd: expect.closeTo(spent, 6)}},
		});
		expect(await filesIn(line.directory)).toEqual({});

		const asked = server.requests.length;
		const same = await line.resume();
		expect(same.code, 'without a larger one nothing goes on').toBe(5);
		expect(server.requests).toHaveLength(asked);

		expect(offeredOptions(end)[0]).toBe('--budget');
		const resumed = await line.resume(...offeredOptions(end));
		expect(resumed.code, resumed.err).toBe(0);
		expect(await filesIn(line.directory)).toEqual(threeFiles);
		expect(server.requests, 'nothing is asked again').toHaveLength(10);
	});

	test('tells what each agent and each model has cost, and what the run has', async () => {
		await line.writeConfig({prices});
		await createTeam();
		const end = await line.call(...runWords, '--ui', 'inline', '--budget', '5');
		expect(end.code, end.err).toBe(0);
		expect(end.out).toMatch(/spent +.*10 model calls.*\$0\.16$/m);
		expect(end.out).toMatch(/agents +teammate-1 .* \$0\.14 · lead .* \$0\.016$/m);
		const {cost, usage} = await shownReport();
		expect(cost).toEqual({usd: expect.closeTo(10 * callUsd, 6), unpricedCalls: 0});
		expect(usage.models['test-model']).toMatchObject({
			calls: 10,
			usd: expect.closeTo(10 * callUsd, 6),
		});
		expect(usage.agents['lead']).toMatchObject({calls: 1, usd: expect.closeTo(callUsd, 6)});
		expect(usage.agents['teammate-1']).toMatchObject({calls: 9, usd: expect.closeTo(0.144, 6)});
	});

	test('of the team counts for its runs, unless a run is told another one', async () => {
		await line.writeConfig({prices: {'openai/test-model': prices['test-model']}});
		const server = await createTeam(['--budget', '0.15']);
		const end = await line.run('--approve', 'all');
		expect(end.code).toBe(5);
		expect(lastLineOf(end)).toContain('of its $0.15');
		const other = await line.run('--approve', 'all', '--budget', '$5');
		expect(other.code, other.err).toBe(0);
		expect(server.requests.length).toBeLessThan(20);
	});

	test('too small for one call offers one that is enough for it', async () => {
		await line.writeConfig({prices: {'test-model': {input: 100, output: 500}}});
		const server = await createTeam();
		const end = await line.run('--approve', 'all', '--budget', '0.01');
		expect(end.code).toBe(5);
		expect(server.requests).toEqual([]);
		await line.resume(...offeredOptions(end));
		expect(server.requests.length).toBeGreaterThan(0);
	});

	test('also holds answers that were paid for but are of no use', async () => {
		await line.writeConfig({prices});
		const usage = {input: 2_000, cached: 0, output: 100};
		await createTeam([], request =>
			request.schema ? threeFilesTeam(request) : {...say(''), usage},
		);
		const end = await line.run('--approve', 'all', '--budget', '0.1');
		expect(end.code).toBe(5);
		expect((await shownReport()).cost.usd).toBeGreaterThan(0.05);
	});

	test('that no plan can keep to is told before any teammate works', async () => {
		await line.writeConfig({prices});
		const server = await createTeam();
		const end = await line.run('--budget', '0.1');
		expect(end.code).toBe(5);
		expect(lastLineOf(end)).toMatch(/limit-reached: the plan costs too much: .*\$0\.\d\d are left/);
		expect(server.requests).toHaveLength(1);
		const resumed = await line.resume(...offeredOptions(end));
		expect(resumed.code, resumed.err).toBe(0);
	});

	test.each(['0', '-1', 'abc', '1e99', 'NaN', '1,50', '0x10'])(
		'of %s is no amount: exit 2, and nothing is asked',
		async amount => {
			const server = await createTeam();
			const asked = server.visits.length;
			const ends = [
				await line.run(`--budget=${amount}`),
				await line.call('create', 'other', '-p', 'demo', `--budget=${amount}`),
			];
			for (const end of ends) {
				expect(end.err).toBe('--budget must be an amount in US dollars, like 5 or 0.50\n');
				expect(end.code).toBe(2);
			}

			expect(server.visits).toHaveLength(asked);
		},
	);
});

describe('a model without a known price', () => {
	test('is shown as unpriced, not as free', async () => {
		await createTeam();
		const end = await line.call(...runWords, '--ui', 'inline', '--budget', '0.01');
		expect(end.code, end.err).toBe(0);
		expect(end.out).toMatch(
			/cost +warn: the cost is unknown: the team's models have no known price/,
		);
		expect(end.out).toMatch(/spent +.*, cost unpriced$/m);
		const {cost, usage} = await shownReport();
		expect(cost).toEqual({usd: null, unpricedCalls: 10});
		expect(usage.total).toMatchObject({calls: 10, usd: 0, unpriced: 10});
	});

	test('is not asked with --unpriced block: exit 5 says so before any call, and --unpriced allow goes on', async () => {
		const server = await createTeam();
		const end = await line.run('--budget', '5', '--unpriced', 'block');
		expect(end.code).toBe(5);
		expect(lastLineOf(end)).toContain('test-model has no known price');
		expect(server.requests).toEqual([]);
		expect(offeredOptions(end)).toEqual(['--unpriced', 'allow']);
		const resumed = await line.resume(...offeredOptions(end));
		expect(resumed.code, resumed.err).toBe(0);
	});

	test('beside one with a price makes the sum a lower bound', async () => {
		await line.writeConfig({prices});
		const server = await line.serve(cached, {models: ['test-model', 'other']});
		await line.create(
			`--lead openai:other@${server.url}`,
			`--teammate openai:test-model@${server.url}`,
		);
		const end = await line.call(...runWords, '--ui', 'inline');
		expect(end.code, end.err).toBe(0);
		expect(end.out).toMatch(/spent +.*, at least \$0\.14 \(1 call unpriced\)$/m);
		expect((await shownReport()).cost).toEqual({usd: expect.closeTo(0.144, 6), unpricedCalls: 1});
	});

	test('on a server of one’s own costs nothing', async () => {
		const server = await line.serve(cached);
		await line.create('-p', 'ollama', '-m', 'test-model', '-u', server.url);
		const end = await line.run('--budget', '0.01', '--unpriced', 'block');
		expect(end.code, end.err).toBe(0);
		expect((await shownReport()).cost).toEqual({usd: 0, unpricedCalls: 0});
	});
});

test('a limit of tokens beside one of dollars: the one that is met is named, and its option goes on', async () => {
	await line.writeConfig({prices});
	const server = await createTeam();
	const limits = ['--max-tokens', '15000', '--budget', '5'];
	const end = await line.run('--approve', 'all', ...limits);
	expect(end.code).toBe(5);
	expect(lastLineOf(end)).toMatch(/has spent \d+ of its 15000 tokens/);
	expect(eventsOf(end)).toContainEqual(
		expect.objectContaining({type: 'budget-warned', maxTokens: 15_000, maxUsd: 5}),
	);
	expect(offeredOptions(end)[0]).toBe('--max-tokens');
	const resumed = await line.resume(...offeredOptions(end));
	expect(resumed.code, resumed.err).toBe(0);
	expect(server.requests).toHaveLength(10);
});

test.each([
	['are negative', {'test-model': {input: -1, output: 5}}, 'prices["test-model"].input'],
	['lack a part', {'test-model': {input: 1}}, 'prices["test-model"].output'],
	['are no numbers', {'test-model': {input: '1', output: 5}}, 'prices["test-model"].input'],
	['have a part too many', {'test-model': {input: 1, output: 5, cached: 1}}, '"cached"'],
])('prices that %s are refused with their place, and nothing is asked', async (_, wrong, place) => {
	const server = await createTeam();
	await line.writeConfig({prices: wrong});
	const asked = server.visits.length;
	const end = await line.run();
	expect(end.err).toContain('config.json is not valid at "prices');
	expect(end.err).toContain(place);
	expect(end.err.trimEnd().split('\n')).toHaveLength(2);
	expect(end.code).toBe(2);
	expect(server.visits).toHaveLength(asked);
});
