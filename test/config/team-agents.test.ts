import {describe, expect, test} from 'vitest';
import {providerPresets} from '../../source/core/provider-presets.ts';
import {agentsOf, teamConfigSchema} from '../../source/config/team-config.ts';

describe('the agents of a team', () => {
	const base = {name: 'crew', createdAt: 1, uiMode: 'inline'} as const;
	const agents = (fields: Record<string, unknown>) =>
		agentsOf(
			teamConfigSchema.parse({...base, leadProvider: {type: 'anthropic'}, ...fields}),
			providerPresets,
		);

	test('are all like the lead, where only their number is given', () => {
		const team = agents({leadProvider: {type: 'ollama', model: 'qwen3'}, teammates: 2});
		expect(team.lead).toEqual({name: 'lead', provider: 'ollama', model: 'qwen3'});
		expect(team.teammates).toEqual([
			{name: 'teammate-1', provider: 'ollama', model: 'qwen3'},
			{name: 'teammate-2', provider: 'ollama', model: 'qwen3'},
		]);
	});

	test('may each have a model, an address and headers of their own', () => {
		const fast = {
			name: 'fast',
			type: 'openai',
			model: 'm',
			baseUrl: 'http://host:8000/v1',
			headers: {'X-Team': '$TEAM_KEY'},
			contextTokens: 8_192,
			parallelCalls: 2,
		};
		const {type, ...rest} = fast;
		expect(agents({teammates: [{type: 'ollama'}, fast]}).teammates).toEqual([
			{name: 'teammate-1', provider: 'ollama', model: ''},
			{provider: type, ...rest},
		]);
	});

	test('turn to what the team falls back to, or to what they have of their own', () => {
		const team = agents({
			fallbacks: [{type: 'openai'}],
			teammates: [{type: 'ollama'}, {type: 'ollama', fallbacks: [{type: 'demo'}]}],
		});
		const openai = [{provider: 'openai', model: ''}];
		expect(team.lead.fallbacks).toEqual(openai);
		expect(team.teammates.map(({fallbacks}) => fallbacks)).toEqual([
			openai,
			[{provider: 'demo', model: ''}],
		]);
	});

	test('ask for the largest context of a model at its address, fallbacks included', () => {
		const qwen = {type: 'ollama', model: 'qwen3', baseUrl: 'http://host:11434'};
		const team = agents({
			leadProvider: {...qwen, contextTokens: 8_192},
			teammates: [
				{...qwen, baseUrl: 'http://host:11434/'},
				{...qwen, model: 'phi4', contextTokens: 4_096},
				{...qwen, baseUrl: 'http://other:11434'},
				{type: 'lmstudio', model: 'qwen3', baseUrl: 'http://host:11434'},
				{type: 'openai', fallbacks: [{...qwen, contextTokens: 16_384}, {type: 'ollama'}]},
			],
		});
		expect(team.lead.contextTokens).toBe(16_384);
		expect(team.teammates.map(({contextTokens}) => contextTokens)).toEqual([
			16_384,
			4_096,
			undefined,
			undefined,
			undefined,
		]);
		expect(team.teammates[4]?.fallbacks?.map(({contextTokens}) => contextTokens)).toEqual([
			16_384,
			undefined,
		]);
	});

	test('call a server with as few calls at once as one of them names, whatever the model', () => {
		const server = {type: 'openai', model: 'm', baseUrl: 'http://host:8000/v1'};
		const team = agents({
			leadProvider: server,
			teammates: [
				{...server, model: 'n', parallelCalls: 4},
				{...server, baseUrl: 'http://host:8000', parallelCalls: 2},
				{type: 'openai', model: 'm'},
			],
			fallbacks: [server, {type: 'anthropic'}],
		});
		expect(team.lead.parallelCalls).toBe(2);
		expect(team.teammates.map(({parallelCalls}) => parallelCalls)).toEqual([2, 2, undefined]);
		expect(team.lead.fallbacks?.map(({parallelCalls}) => parallelCalls)).toEqual([2, undefined]);
	});

	test.each([
		[
			'two of one name',
			{
				teammates: [
					{type: 'demo', name: 'bob'},
					{type: 'demo', name: 'bob'},
				],
			},
		],
		['a second lead', {teammates: [{type: 'demo', name: 'lead'}]}],
		[
			'a name that is another’s by count',
			{teammates: [{type: 'demo'}, {type: 'demo', name: 'teammate-1'}]},
		],
		['a name that is none', {teammates: [{type: 'demo', name: 'Bob!'}]}],
		['nobody', {teammates: []}],
		['a crowd', {teammates: Array.from({length: 17}, () => ({type: 'demo'}))}],
		['a header whose name HTTP refuses', {leadProvider: {type: 'openai', headers: {'X Y': 'a'}}}],
		['a header without a name', {leadProvider: {type: 'openai', headers: {'': 'a'}}}],
		['a header of two lines', {leadProvider: {type: 'openai', headers: {'X-Y': 'a\nb'}}}],
		['a header beyond Latin-1', {leadProvider: {type: 'openai', headers: {'X-Y': '使'}}}],
		['a key that is written out', {leadProvider: {type: 'openai', headers: {'X-Api-Key': 'abc'}}}],
		[
			'a model with what a terminal acts on',
			{leadProvider: {type: 'ollama', model: 'a\u001B]0;x\u0007'}},
		],
		['a password in an address', {leadProvider: {type: 'openai', baseUrl: 'HTTP://u:p@host'}}],
		['a key behind an address', {leadProvider: {type: 'openai', baseUrl: 'http://host/?key=a'}}],
		['a budget of nothing', {budget: 0}],
		['a context of nothing', {leadProvider: {type: 'ollama', contextTokens: 10}}],
	])('cannot be %s', (_, fields) => {
		expect(() => agents(fields)).toThrow();
	});
});
