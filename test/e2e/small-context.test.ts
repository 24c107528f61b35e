import {beforeEach, describe, expect, test} from 'vitest';
import {openCommandLine, type CommandLine} from '../helpers/command-line.ts';
import {filesIn} from '../helpers/files.ts';
import {httpError, type Reply, type Script} from '../helpers/model-server.ts';
import {eventsOf} from '../helpers/program.ts';
import {readingTeam, writeLargeFiles} from '../helpers/reading-team.ts';

let line: CommandLine;

beforeEach(async () => {
	line = await openCommandLine();
	await writeLargeFiles(line.directory);
});

describe('a conversation that outgrows a context of 8192 tokens', () => {
	const contextTokens = 8_192;

	/** Refuses what is longer, as its tokens count: so many characters are one. */
	function limited(charactersPerToken: number, refuse: (tokens: number) => Reply): Script {
		const script = readingTeam();
		return request => {
			const tokens = Math.ceil(JSON.stringify(request.body).length / charactersPerToken);
			return tokens > contextTokens ? refuse(tokens) : script(request);
		};
	}

	const llamaServer = (tokens: number) =>
		httpError(400, {
			error: {
				code: 400,
				type: 'exceed_context_size_error',
				message: `request (${tokens} tokens) exceeds the available context size (8192 tokens), try increasing it`,
				n_prompt_tokens: tokens,
				n_ctx: contextTokens,
			},
		});
	const ollama = () =>
		httpError(400, {
			error: 'the prompt is longer than the context length currently available for this model',
		});

	test.each([
		['llama-server', 3.5, llamaServer],
		['llama-server', 2.5, llamaServer],
		['ollama', 3.5, ollama],
		['ollama', 2.5, ollama],
		['lmstudio', 3.5, llamaServer],
	])(
		'of %s, where %d characters are a token, is made shorter and comes to its end',
		async (provider, ratio, refuse) => {
			const server = await line.serve(limited(ratio, refuse), {contextTokens});
			await line.create('-p', provider, '-m', 'test-model', '-u', server.url, '-n', '1');
			const end = await line.run();
			expect(end.code, end.err).toBe(0);
			expect(await filesIn(line.directory)).toMatchObject({'one.txt': 'one\n'});
			const compactions = eventsOf(end).filter(event => event.type === 'context-compacted');
			expect(compactions.length).toBeGreaterThan(0);
			expect(server.requests.some(({prompt}) => prompt.includes('# Where things stand now'))).toBe(
				true,
			);
			const reads = eventsOf(end).filter(
				event => event.type === 'tool-call-started' && event.tool === 'read_file',
			);
			expect(reads).toHaveLength(8);
		},
	);
});

test('an agent that goes on with a smaller model has its conversation made shorter for that', async () => {
	const script = readingTeam();
	const large = await line.serve(request =>
		request.ordinal < 7
			? script(request)
			: httpError(402, {error: {message: 'no credit', type: 'billing_error'}}),
	);
	const small = await line.serve(script, {contextTokens: 8_192});
	await line.create(
		`-p openai -m test-model -u ${large.url} -n 1`,
		`--fallback ollama:test-model@${small.url}`,
	);
	const end = await line.run();
	expect(end.code, end.err).toBe(0);
	const types = eventsOf(end).map(({type}) => type);
	expect(types.indexOf('context-compacted')).toBeGreaterThan(types.indexOf('model-switched'));
	expect(await filesIn(line.directory)).toMatchObject({'one.txt': 'one\n'});
});
