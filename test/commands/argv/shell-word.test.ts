import {execFileSync} from 'node:child_process';
import {expect, onTestFinished, test} from 'vitest';
import {createCommand} from '../../../source/commands/create.ts';
import {initCommand} from '../../../source/commands/init.ts';
import {shellWord} from '../../../source/commands/argv/shell-word.ts';
import {testProviderCommand} from '../../../source/commands/test-provider.ts';
import {answerJson, call, say, startModelServer} from '../../helpers/model-server.ts';
import {fakeIo} from '../fake-io.ts';

test.each([
	'qwen3:8b',
	'meta-llama/Llama-4',
	"it's; echo `id` $(id) \\ \"x\" & 'y' #",
	'~',
	'*',
	'',
])('a shell reads %j as this one word', word => {
	const read = execFileSync('sh', ['-c', `printf '%s|' ${shellWord(word)}`], {encoding: 'utf8'});
	expect(read).toBe(`${word}|`);
});

test('words that need no quotes have none', () => {
	expect(shellWord('http://127.0.0.1:11434/v1')).toBe('http://127.0.0.1:11434/v1');
});

test('no line to be pasted holds a name of a model that a shell would act on', async () => {
	const model = 'qwen3:8b; rm -rf ~';
	const server = await startModelServer(
		({tools, schema}) =>
			schema
				? answerJson({city: 'Oslo', country: 'Norway'})
				: tools.length > 0
					? call('temperature', {city: 'Oslo'})
					: say('Hello.'),
		{models: [model]},
	);
	onTestFinished(async () => server.close());
	const io = await fakeIo({OLLAMA_HOST: server.url});
	await initCommand.run({words: [], flags: {}}, io);
	await testProviderCommand.run({words: ['ollama'], flags: {model, baseUrl: server.url}}, io);
	const asked = createCommand.run({words: ['my team'], flags: {}}, io);
	await expect(asked).rejects.toMatchObject({
		hint: `the best one available: llm-orchestrator create 'my team' --provider ollama --model '${model}'`,
	});
	expect(io.out.filter(line => line.startsWith('Next:'))).toEqual([
		`Next: llm-orchestrator create my-team --provider ollama --model '${model}'`,
		`Next: llm-orchestrator create my-team --provider ollama --model '${model}' --base-url ${server.url}`,
	]);
});
