import {expect, test} from 'vitest';
import {createConnect} from '../../source/compose/connect.ts';
import {estimateTeamPrice} from '../../source/compose/team-price.ts';
import {estimatedUsage} from '../../source/core/cost.ts';
import type {ModelTarget, Team} from '../../source/core/settings.ts';
import type {Environment} from '../../source/core/environment.ts';
import {quickClock} from '../helpers/run-parts.ts';

const own = {dear: {input: 10, output: 100}, cheap: {input: 1, output: 1}};
const team = (lead: ModelTarget, ...models: readonly ModelTarget[]): Team => ({
	name: 'crew',
	lead: {name: 'lead', ...lead},
	teammates: models.map((model, index) => ({name: `t${index}`, ...model})),
});
const dear = {provider: 'openai', model: 'dear'};
const cheap = {provider: 'openai', model: 'cheap'};
const local = {provider: 'ollama', model: 'qwen3'};

test('tokens of a team cost what its dearest agent takes, a tenth of them written', async () => {
	expect((await estimateTeamPrice(team(local, cheap, dear, local), own))(1_000_000)).toBeCloseTo(
		9 + 10,
	);
	expect((await estimateTeamPrice(team(dear, cheap), own))(1_000_000)).toBeCloseTo(9 + 10);
	expect((await estimateTeamPrice(team(local, local)))(1_000_000)).toBe(0);
});

test('without the price of one of them nothing can be told', async () => {
	const unknown = {provider: 'openai', model: 'unknown'};
	expect((await estimateTeamPrice(team(local, cheap, unknown), own))(1_000)).toBeUndefined();
	expect((await estimateTeamPrice(team(unknown, cheap), own))(1_000)).toBeUndefined();
	expect((await estimateTeamPrice(undefined, own))(1_000)).toBeUndefined();
});

test('a model that is not named is the default of its provider', async () => {
	const named = {'gpt-6.1-terra': {input: 5, output: 5}};
	const price = await estimateTeamPrice(team(local, {provider: 'openai', model: ''}), named);
	expect(price(1_000_000)).toBe(5);
});

test.each<readonly [string, string | undefined, Environment, boolean]>([
	['no address', undefined, {}, true],
	["the vendor's own address", 'https://api.openai.com/v1/', {}, true],
	['an address of the vendor for a region', 'https://eu.api.openai.com/v1', {}, true],
	['a server', 'http://localhost:8000/v1', {}, false],
	['a server in the environment', undefined, {OPENAI_BASE_URL: 'http://localhost:8000/v1'}, false],
	[
		'the vendor, another server in the environment',
		'https://api.openai.com',
		{OPENAI_BASE_URL: 'http://localhost:8000/v1'},
		true,
	],
	['an address that is none', 'http://a:b@c', {}, false],
])(
	'%s: priced by the list of the vendor as much as its calls are',
	async (_, baseUrl, environment, isVendor) => {
		const target = {provider: 'openai', model: 'gpt-6-sol', ...(baseUrl ? {baseUrl} : {})};
		const planned = (await estimateTeamPrice(team(target, target), {}, environment))(1_000_000);
		expect(planned !== undefined).toBe(isVendor);
		const connect = createConnect({environment, clock: quickClock, pace: 'fast'});
		const connection = await connect(target, new AbortController().signal).catch(() => undefined);
		expect(connection?.price(estimatedUsage(900_000, 100_000))).toBe(planned);
	},
);

test.each<readonly [string, Partial<ModelTarget>, boolean]>([
	['has a list', {priceList: 'groq'}, true],
	['has none', {}, false],
	['has the list of another vendor', {priceList: 'mistral'}, false],
])('a service that %s is priced by it, before and during its calls', async (_, fields, priced) => {
	const target: ModelTarget = {
		provider: 'mine',
		type: 'openai',
		baseUrl: 'http://127.0.0.1:9/v1',
		model: 'llama-3.3-70b-versatile',
		...fields,
	};
	const planned = (await estimateTeamPrice(team(target, target)))(1_000_000);
	expect(planned !== undefined).toBe(priced);
	const connect = createConnect({environment: {}, clock: quickClock, pace: 'fast'});
	const {price} = await connect(target, new AbortController().signal);
	expect(price(estimatedUsage(900_000, 100_000))).toBe(planned);
	const ownPrice = {'mine/llama-3.3-70b-versatile': {input: 2, output: 2}};
	expect((await estimateTeamPrice(team(target, target), ownPrice))(1_000_000)).toBe(2);
});
