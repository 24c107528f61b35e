import {describe, expect, test} from 'vitest';
import type {Actions, NewTeam} from '../../../source/core/actions.ts';
import type {HomeView} from '../../../source/ui/home/home-view.ts';
import {full, missing, open, provider, team} from './full-home.ts';

/** A home screen with what was made from it. */
function openMaking(home: Partial<HomeView>, given: Partial<Actions> = {}) {
	const made: NewTeam[] = [];
	const test = open(home, {
		async createTeam(order) {
			made.push(order);
			return {...team, name: order.name};
		},
		...given,
	});
	return {...test, made};
}

describe('a new team', () => {
	test('is made from one line, for a provider that is there', async () => {
		const lmstudio = {type: 'lmstudio', usable: true, detail: '', models: []};
		const test = openMaking({...full, providers: [lmstudio]});
		test.keys('n');
		expect(test.dialog()).toMatchObject({state: {text: 'my-team lmstudio'}});
		test.burst(' a  big model');
		test.keys('enter');
		await test.settle();
		expect(test.made).toEqual([{name: 'my-team', provider: 'lmstudio', model: 'a big model'}]);
		expect(test.notice()).toContain('Created team my-team');
	});

	test('begins as a line with what was found, under a name that is free', () => {
		const teams = [team, {...team, name: 'my-team'}, {...team, name: 'team-2'}];
		const test = open({...full, teams, providers: [missing, provider]});
		test.keys('n');
		expect(test.dialog()).toMatchObject({
			state: {text: 'team-3 ollama qwen3:8b'},
			placeholder: 'name provider [model], like: team-3 ollama qwen3:8b',
		});
	});

	test('has an example of its own where nothing was found', () => {
		const test = open({...full, providers: [missing]});
		test.keys('n');
		expect(test.dialog()).toMatchObject({
			state: {text: ''},
			placeholder: 'name provider [model], like: my-team ollama llama3.2',
		});
	});

	test('with a service that has many models gets the one that is named, in either way', async () => {
		const groq = {type: 'groq', usable: true, needsModel: true, detail: '', models: ['a', 'b']};
		for (const written of ['a', ' a', ':a']) {
			const test = openMaking({...full, providers: [groq]});
			test.keys('n');
			expect(test.dialog()).toMatchObject({
				state: {text: 'my-team groq '},
				placeholder: 'name provider [model], like: my-team groq MODEL',
			});
			if (written === ':a') {
				test.keys('ctrl+u');
				test.burst('my-team groq:a');
			} else {
				test.burst(written);
			}

			test.keys('enter');
			await test.settle();
			expect(test.made).toEqual([{name: 'my-team', provider: 'groq', model: 'a'}]);
		}
	});

	test('with a service that has many models is not made without one', async () => {
		const groq = {type: 'groq', usable: true, needsModel: true, detail: '', models: ['a', 'b']};
		const test = openMaking({...full, providers: [groq]});
		test.keys('n', 'enter');
		await test.settle();
		expect(test.made).toEqual([]);
		expect(test.dialog()).toMatchObject({
			state: {text: 'my-team groq '},
			problem: 'groq has no default model; add its name, like a, b',
		});
	});

	test('with a name alone gets the best provider, which is shown before anything is made', async () => {
		const test = openMaking({...full, providers: [provider]});
		test.keys('n', 'ctrl+u');
		test.burst('crew');
		test.keys('enter');
		await test.settle();
		expect(test.made).toEqual([]);
		expect(test.dialog()).toMatchObject({
			title: 'New team with the best provider found (ollama, qwen3:8b)? Enter creates it',
			state: {text: 'crew ollama qwen3:8b'},
			problem: undefined,
		});
		test.keys('enter');
		await test.settle();
		expect(test.made).toEqual([{name: 'crew', provider: 'ollama', model: 'qwen3:8b'}]);
	});

	test('with a name alone looks once more for a provider, where none was there before', async () => {
		const test = openMaking(
			{...full, providers: [missing]},
			{findProviders: async () => [{type: 'anthropic', usable: true, detail: 'set', models: []}]},
		);
		test.keys('n');
		test.burst('crew');
		test.keys('enter');
		await test.settle();
		expect(test.dialog()).toMatchObject({
			title: 'New team with the best provider found (anthropic)? Enter creates it',
			state: {text: 'crew anthropic'},
		});
		expect(test.made).toEqual([]);
	});

	test('with a name alone says so where there is no provider, and keeps the name', async () => {
		const test = openMaking(
			{...full, providers: undefined},
			{findProviders: async () => [missing]},
		);
		test.keys('n');
		test.burst('crew');
		test.keys('enter');
		await test.settle();
		expect(test.dialog()).toMatchObject({
			state: {text: 'crew'},
			problem: 'no provider found; enter one, or press Esc to see how to set one up',
		});
		expect(test.made).toEqual([]);
	});

	test('comes back with what is wrong with it, to be mended', async () => {
		const test = open(full, {
			async createTeam() {
				throw Object.assign(new Error('unknown provider'), {hint: 'ollama?'});
			},
		});
		test.keys('n');
		test.burst('my-team olama');
		test.keys('enter');
		await test.settle();
		expect(test.dialog()).toMatchObject({
			problem: 'unknown provider → ollama?',
			state: {text: 'my-team olama'},
		});
		test.keys('backspace');
		expect(test.dialog()).toMatchObject({problem: undefined});
	});

	test('can be given up', async () => {
		const test = open();
		test.keys('n', 'escape');
		await test.settle();
		expect(test.app.store.getState().dialog).toBeUndefined();
	});
});
