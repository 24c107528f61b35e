import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {filesIn} from '../helpers/files.ts';
import {
	answerJson,
	httpError,
	raw,
	startModelServer,
	type ModelRequest,
	type Reply,
	type Script,
} from '../helpers/model-server.ts';
import {lastLineOf, runProgram} from '../helpers/program.ts';
import {threeFiles, threeFilesTeam} from '../helpers/scripted-team.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

/** Runs the plan of three files with a team whose models are behind this server. */
async function runWith(script: Script) {
	const home = await temporaryDirectory();
	const directory = path.join(home, 'project');
	await mkdir(directory);
	const server = await startModelServer(script);
	onTestFinished(async () => server.close());
	const create = ['create', 'team', '-p', 'openai', '-m', 'test-model', '-u', server.url];
	expect((await runProgram(create, {home})).code).toBe(0);
	const words = ['run', 'team', 'write three files', '--permission', 'all'];
	const end = await runProgram(words, {home, directory});
	return {end, directory};
}

/** What the team says, unless the server refuses it. */
const refusing =
	(problemOf: (request: ModelRequest) => string | undefined): Script =>
	request => {
		const message = problemOf(request);
		return message === undefined
			? threeFilesTeam(request)
			: httpError(400, {error: {message, type: 'invalid_request_error'}});
	};

const limitOf = ({body}: ModelRequest) => Number(body['max_tokens']);

/** The calls of an answer as text. */
function printed(reply: Reply): Reply {
	const [called] = 'calls' in reply ? (reply.calls ?? []) : [];
	return called ? answerJson({name: called.name, arguments: called.arguments}) : reply;
}

test.each<readonly [what: string, script: Script]>([
	[
		'allows 4,096 tokens for an answer',
		refusing(request =>
			limitOf(request) > 4_096
				? 'Invalid max_tokens value, the valid range of max_tokens is [1, 4096]'
				: undefined,
		),
	],
	[
		'has 8,192 tokens in all',
		refusing(request =>
			limitOf(request) > 8_192 - 2_000
				? "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context length is 8192 tokens and your request has 2000 input tokens (8192 > 8192 - 2000). None"
				: undefined,
		),
	],
	[
		'has no parser for calls',
		request =>
			request.tools.length > 0
				? httpError(400, {
						object: 'error',
						message:
							'"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
					})
				: printed(threeFilesTeam(request)),
	],
	[
		'makes an error of each call that it cannot read',
		request => {
			const reply = threeFilesTeam(request);
			const [called] = 'calls' in reply ? (reply.calls ?? []) : [];
			return called
				? httpError(400, {
						error: {
							message: 'Failed to call a function. Please adjust your prompt.',
							code: 'tool_use_failed',
							failed_generation: `<function=${called.name}>${JSON.stringify(called.arguments)}</function>`,
						},
					})
				: reply;
		},
	],
	[
		'does not stream',
		request => {
			const reply = threeFilesTeam(request);
			return 'calls' in reply || 'text' in reply
				? raw(JSON.stringify(completionOf(reply)), 'application/json')
				: reply;
		},
	],
])('a team works with a server that %s', async (_, script) => {
	const {end, directory} = await runWith(script);
	expect(end.code, end.err).toBe(0);
	expect(await filesIn(directory)).toEqual(threeFiles);
});

test('the last line says what helps when every attempt fails for one reason', async () => {
	const {end} = await runWith(request =>
		request.tools.length > 0
			? httpError(400, {error: {message: 'prompt is too long: 9000 tokens > 10 maximum'}})
			: threeFilesTeam(request),
	);
	expect(end.code).toBe(1);
	expect(lastLineOf(end)).toContain(
		'choose a model with a larger context; then: llm-orchestrator resume',
	);
});

function completionOf(answer: Extract<Reply, {kind: 'answer'}>) {
	const calls = answer.calls ?? [];
	return {
		object: 'chat.completion',
		model: 'test-model',
		choices: [
			{
				index: 0,
				message: {
					role: 'assistant',
					content: answer.text ?? null,
					...(calls.length === 0
						? {}
						: {
								tool_calls: calls.map(({name, arguments: args}, index) => ({
									id: `id${index}`,
									type: 'function',
									function: {name, arguments: JSON.stringify(args)},
								})),
							}),
				},
				finish_reason: calls.length === 0 ? 'stop' : 'tool_calls',
			},
		],
		usage: {prompt_tokens: 10, completion_tokens: 5},
	};
}
