import {beforeEach, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../source/core/run-event.ts';
import {openCommandLine, runWords, type CommandLine} from '../helpers/command-line.ts';
import {filesIn} from '../helpers/files.ts';
import {delivered, httpError, say, type ModelRequest, type Reply} from '../helpers/model-server.ts';
import {eventsOf, lastLineOf} from '../helpers/program.ts';
import {readEvents} from '../helpers/run-log.ts';
import {threeFiles, threeFilesTeam} from '../helpers/scripted-team.ts';

let line: CommandLine;

beforeEach(async () => {
	line = await openCommandLine();
});

function failuresIn(events: readonly RunEvent[]) {
	return events.filter(event => event.type === 'model-call-failed');
}

describe('a server that asks to slow down', () => {
	test('is left alone by all agents for as long as it asks, and a person sees who waits, why, until when', async () => {
		const arrivals: number[] = [];
		const second = Promise.withResolvers<number>();
		const server = await line.serve(async request => {
			arrivals.push(performance.now());
			if (request.ordinal === 2) {
				second.resolve(performance.now());
				return httpError(429, undefined, {'retry-after': '1'});
			}

			// The first teammate is in the middle of its call when the other one is refused.
			await (request.ordinal === 1 ? second.promise : undefined);
			return threeFilesTeam(request);
		});
		await line.create('-p', 'openai', '-m', 'test-model', '-u', server.url, '-n', '2');
		const end = await line.call(...runWords, '--ui', 'inline');
		expect(end.code, end.err).toBe(0);
		expect(await filesIn(line.directory)).toEqual(threeFiles);
		expect(server.requests).toHaveLength(11);
		const refused = await second.promise;
		const early = arrivals.slice(3).filter(at => at < refused + 990);
		expect(early, 'calls while it had asked for none').toEqual([]);

		const [failed] = failuresIn(await readEvents(line.home));
		expect(failed).toMatchObject({
			try: 1,
			failure: {kind: 'rate-limit', status: 429, retryAfterMs: 1000},
		});
		expect(failed?.retryInMs).toBeGreaterThanOrEqual(1000);
		expect(end.out).toMatch(/^teammate-\d +call failed \(try 1, retrying in 1\.0 s\): .*429/m);
		const waiting = /^(teammate-\d) +waiting for the rate limit until \d\d:\d\d:\d\d UTC: (.*)$/gm;
		const waits = [...end.out.matchAll(waiting)];
		expect(new Set(waits.map(([, who]) => who)), 'both agents wait').toEqual(
			new Set(['teammate-1', 'teammate-2']),
		);
		expect(waits.map(([, , why]) => why)).toContainEqual(
			expect.stringMatching(/^OpenAI at http:\S+ \(model test-model\) asked us to slow down/),
		);
	});

	test.each([
		[
			'in milliseconds',
			'openai',
			() => httpError(429, undefined, {'retry-after-ms': '1200'}),
			{kind: 'rate-limit', least: 1_200, most: 1_200},
		],
		[
			'without saying for how long',
			'ollama',
			() =>
				httpError(503, {error: 'server busy, please try again. maximum pending requests exceeded'}),
			{kind: 'overloaded', least: 0, most: 1_000},
		],
		[
			'with status 529',
			'anthropic',
			() => httpError(529),
			{kind: 'overloaded', least: 0, most: 1_000},
		],
	])('%s is asked again', async (_, provider, refuse, {kind, least, most}) => {
		const server = await line.serve(request =>
			request.ordinal === 1 ? refuse() : threeFilesTeam(request),
		);
		await line.create('-p', provider, '-m', 'test-model', '-u', server.url);
		const end = await line.run();
		expect(end.code, end.err).toBe(0);
		expect(await filesIn(line.directory)).toEqual(threeFiles);
		const failed = failuresIn(eventsOf(end));
		expect(failed).toEqual([
			expect.objectContaining({try: 1, failure: expect.objectContaining({kind})}),
		]);
		expect(failed[0]?.retryInMs).toBeGreaterThanOrEqual(least);
		expect(failed[0]?.retryInMs).toBeLessThanOrEqual(most);
		expect(server.requests).toHaveLength(11);
	});

	test('by a date is asked again at that time', async () => {
		let asked = Infinity;
		let askedAgain: number | undefined;
		const server = await line.serve(request => {
			if (request.ordinal === 0) {
				return threeFilesTeam(request);
			}

			if (request.ordinal === 1) {
				asked = Math.floor(Date.now() / 1_000 + 2) * 1_000;
				return httpError(429, undefined, {'retry-after': new Date(asked).toUTCString()});
			}

			askedAgain ??= Date.now();
			return threeFilesTeam(request);
		});
		await line.create('-p', 'openai', '-m', 'test-model', '-u', server.url, '-n', '1');
		const end = await line.run();
		expect(end.code, end.err).toBe(0);
		expect(failuresIn(eventsOf(end))).toEqual([
			expect.objectContaining({try: 1, failure: expect.objectContaining({kind: 'rate-limit'})}),
		]);
		expect(askedAgain).toBeGreaterThanOrEqual(asked);
	});

	test('for long is not waited for by anybody who has a fallback', async () => {
		const server = await line.serve(() => httpError(429, undefined, {'retry-after': '600'}));
		const spare = await line.serve(threeFilesTeam);
		await line.create(
			`-p openai -m test-model -u ${server.url}`,
			`--fallback openai:test-model@${spare.url}`,
		);
		const end = await line.run('--timeout', '8m');
		expect(end.code, end.err).toBe(0);
		expect(await filesIn(line.directory)).toEqual(threeFiles);
	});

	test('for longer than anybody would wait ends the run, which can be resumed', async () => {
		let isClosed = true;
		const server = await line.serve(request =>
			isClosed ? httpError(429, undefined, {'retry-after': '86400'}) : threeFilesTeam(request),
		);
		await line.create('-p', 'openai', '-m', 'test-model', '-u', server.url);
		const end = await line.run();
		expect(end.code).toBe(4);
		expect(lastLineOf(end)).toMatch(/asked us to slow down.* → llm-orchestrator resume \S+$/);
		isClosed = false;
		expect((await line.resume()).code).toBe(0);
		expect(await filesIn(line.directory)).toEqual(threeFiles);
	});
});

describe('a server that breaks off', () => {
	const cut = (request: ModelRequest, how: 'cut' | 'destroyed'): Reply => {
		const answer = threeFilesTeam(request);
		return answer.kind === 'answer'
			? delivered(answer, how === 'cut' ? {how} : {how, afterBytes: 60})
			: answer;
	};

	test.each([
		['in order, before the end mark', 'cut'],
		['in the middle of a byte stream', 'destroyed'],
	] as const)('%s is asked again, and half a call is never run', async (_, how) => {
		const server = await line.serve(request =>
			request.ordinal === 1 ? cut(request, how) : threeFilesTeam(request),
		);
		await line.create('-p', 'anthropic', '-m', 'test-model', '-u', server.url, '-n', '1');
		const end = await line.run();
		expect(end.code, end.err).toBe(0);
		expect(failuresIn(eventsOf(end))).toEqual([
			expect.objectContaining({
				try: 1,
				retryInMs: expect.any(Number),
				failure: expect.objectContaining({kind: 'stream-truncated'}),
			}),
		]);
		const writes = eventsOf(end).filter(
			event => event.type === 'tool-call-started' && event.tool === 'write_file',
		);
		expect(writes).toHaveLength(3);
	});

	test('and then hangs is waited for no longer than --timeout says; resume goes on', async () => {
		let isStuck = true;
		const server = await line.serve(request =>
			isStuck && !request.schema
				? delivered(say('…'), {how: 'stalled', afterBytes: 0})
				: threeFilesTeam(request),
		);
		await line.create('-p', 'openai', '-m', 'test-model', '-u', server.url, '-n', '1');
		const end = await line.run('--timeout', '2s');
		expect(end.code).toBe(5);
		expect(lastLineOf(end)).toMatch(
			/its time limit of 2 s → llm-orchestrator resume \S+ --timeout \S+$/,
		);
		isStuck = false;
		const resumed = await line.resume('--timeout', '10m');
		expect(resumed.code, resumed.err).toBe(0);
		expect(await filesIn(line.directory)).toEqual(threeFiles);
	});
});
