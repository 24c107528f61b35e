import {beforeEach, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../source/core/run-event.ts';
import {openCommandLine, type CommandLine} from '../helpers/command-line.ts';
import {filesIn} from '../helpers/files.ts';
import type {ModelServer} from '../helpers/model-server.ts';
import {bodyHash, readingTeam, writeLargeFiles} from '../helpers/reading-team.ts';
import {readEvents} from '../helpers/run-log.ts';
import {threeFiles, threeFilesTeam} from '../helpers/scripted-team.ts';

let line: CommandLine;

beforeEach(async () => {
	line = await openCommandLine();
});

describe('a process that is killed', () => {
	/** Requests that came again although their answers were in the log. */
	function expectNothingAskedAgain(server: ModelServer, before: readonly RunEvent[]): void {
		const seen = new Map<string, number>();
		for (const request of server.requests) {
			const name = bodyHash(request);
			seen.set(name, (seen.get(name) ?? 0) + 1);
		}

		const again = [...seen.values()].reduce((sum, count) => sum + count - 1, 0);
		const started = before.filter(({type}) => type === 'model-call-started').length;
		const ended = before.filter(
			({type}) => type === 'model-call-finished' || type === 'model-call-failed',
		).length;
		expect(again, 'only calls in flight are asked again').toBeLessThanOrEqual(
			Math.max(0, started - ended),
		);
	}

	/** Gives what the log holds then: an event may be seen a moment before it is kept. */
	async function kill(moment: RegExp): Promise<readonly RunEvent[]> {
		const program = line.start();
		await program.waitFor(moment);
		program.kill('SIGKILL');
		expect((await program.ended).code).toBeNull();
		return readEvents(line.home);
	}

	async function expectSameEnd(server: ModelServer, before: readonly RunEvent[]): Promise<void> {
		const resumed = await line.resume();
		expect(resumed.code, resumed.err).toBe(0);
		expectNothingAskedAgain(server, before);
		const events = await readEvents(line.home);
		const answers = events.flatMap(event =>
			event.type === 'model-call-finished' ? [`${event.subtask ?? ''} ${event.request}`] : [],
		);
		expect(events.filter(({type}) => type === 'attempt-failed')).toEqual([]);
		expect(new Set(answers).size, 'no answer is paid for twice').toBe(answers.length);
	}

	test.each([
		['when the lead has gone over to the fallback', /"type":"model-switched"/],
		['when a teammate has', /"type":"model-switched".*"subtask":"two"/],
		['while teammates work with it', /"tool":"run_command"/],
		['near the end', /"type":"subtask-completed".*"subtask":"two"/],
	])('%s goes on without asking again what was answered', async (_, moment) => {
		const refusing = await line.serve(threeFilesTeam, {key: 'another'});
		const spare = await line.serve(threeFilesTeam);
		await line.create(
			`-p openai -m test-model -u ${refusing.url}`,
			`--fallback anthropic:test-model@${spare.url}`,
		);
		const before = await kill(moment);
		await expectSameEnd(spare, before);
		expect(await filesIn(line.directory)).toEqual(threeFiles);
	});

	test.each([
		['when a conversation was made shorter', /"type":"context-compacted"/],
		['in the turn after', /"type":"context-compacted"[^]*"type":"model-call-finished"/],
		['when it was made shorter twice', /("type":"context-compacted"[^]*){2}/],
		['before it finishes', /"tool":"write_file"/],
	])('%s goes on without asking again what was answered', async (_, moment) => {
		const server = await line.serve(readingTeam(), {contextTokens: 8_192});
		await writeLargeFiles(line.directory);
		await line.create('-p', 'llama-server', '-m', 'test-model', '-u', server.url);
		const before = await kill(moment);
		await expectSameEnd(server, before);
		expect(await filesIn(line.directory)).toMatchObject({'one.txt': 'one\n'});
	});
});
