import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {createActions} from '../../../source/commands/services/actions.ts';
import {summariesOf} from '../../../source/commands/services/provider-summaries.ts';
import {openStore} from '../../../source/commands/services/open-store.ts';
import type {
	FoundModel,
	FoundProvider,
} from '../../../source/providers/discovery/found-provider.ts';
import {fakeIo} from '../../commands/fake-io.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

const model = (id: string, tools: FoundModel['tools'] = 'native'): FoundModel => ({
	id,
	tools,
	contextTokens: null,
});

function server(type: FoundProvider['type'], ...details: readonly FoundModel[]): FoundProvider {
	return {type, state: 'up', detail: 'answers', models: details.map(({id}) => id), details};
}

const missing = (type: FoundProvider['type']): FoundProvider => ({
	type,
	state: 'down',
	detail: 'start it',
	models: [],
	details: [],
});

describe('the providers of the home screen', () => {
	test('have the best one first, and those that cannot be used last', () => {
		const found = [
			missing('anthropic'),
			server('lmstudio', model('blind', 'unknown')),
			missing('openai'),
			server('ollama', model('gemma3', 'none'), model('qwen3')),
		];
		const summaries = summariesOf(found);
		expect(summaries.map(({type}) => type)).toEqual(['ollama', 'lmstudio', 'anthropic', 'openai']);
		expect(summaries.map(({usable}) => usable)).toEqual([true, true, false, false]);
	});

	test('have the model first that a team would be made with', () => {
		const [best] = summariesOf([
			server('ollama', model('gemma3', 'none'), model('qwen3'), model('llama3.2')),
		]);
		expect(best?.models).toEqual(['qwen3', 'gemma3', 'llama3.2']);
	});

	test('cannot be used when none of their models can call tools', () => {
		const [only] = summariesOf([server('ollama', model('gemma3', 'none'))]);
		expect(only).toMatchObject({usable: false, models: ['gemma3']});
	});
});

describe('a task from the home screen', () => {
	test('may have its directory in the home of the person', async () => {
		const io = {...(await fakeIo()), userHome: await temporaryDirectory()};
		const actions = createActions(await openStore(io), io);
		await actions.createTeam({name: 'crew', provider: 'demo'});
		await mkdir(path.join(io.userHome, 'work'));
		const run = await actions.startRun({team: 'crew', task: 'count', directory: '~/work'});
		run.stop('interrupted', 'enough');
		await run.done;
		expect(run.state().directory).toBe(path.join(io.userHome, 'work'));
	});

	test('whose directory is gone says which key names another one, and no option', async () => {
		const io = await fakeIo();
		const actions = createActions(await openStore(io), io);
		await actions.createTeam({name: 'crew', provider: 'demo'});
		const directory = path.join(io.userHome, 'gone');
		await expect(actions.startRun({team: 'crew', task: 'count', directory})).rejects.toMatchObject({
			message: `${directory} does not exist`,
			hint: 'w chooses another directory',
		});
	});
});
