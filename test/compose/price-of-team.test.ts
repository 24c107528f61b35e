import {expect, test} from 'vitest';
import {priceOfTeam} from '../../source/compose/price-of-team.ts';
import type {ModelTarget, Team} from '../../source/core/settings.ts';

const own = {dear: {input: 10, output: 100}, cheap: {input: 1, output: 1}};
const team = (...models: readonly ModelTarget[]): Team => ({
	name: 'crew',
	lead: {name: 'lead', provider: 'openai', model: 'unknown'},
	teammates: models.map((model, index) => ({name: `t${index}`, ...model})),
});
const dear = {provider: 'openai', model: 'dear'};
const cheap = {provider: 'openai', model: 'cheap'};
const local = {provider: 'ollama', model: 'qwen3'};

test('tokens of a team cost what its dearest teammate takes, a tenth of them written', async () => {
	const price = await priceOfTeam(team(cheap, dear, local), own);
	expect(price(1_000_000)).toBeCloseTo(9 + 10);
	expect((await priceOfTeam(team(local)))(1_000_000)).toBe(0);
});

test('without the price of one of them nothing can be told', async () => {
	const unknown = {provider: 'openai', model: 'unknown'};
	expect((await priceOfTeam(team(cheap, unknown), own))(1_000)).toBeUndefined();
	expect((await priceOfTeam(undefined, own))(1_000)).toBeUndefined();
});

test('a model that is not named is the default of its provider', async () => {
	const named = {'gpt-6.1-terra': {input: 5, output: 5}};
	const price = await priceOfTeam(team({provider: 'openai', model: ''}), named);
	expect(price(1_000_000)).toBe(5);
});
