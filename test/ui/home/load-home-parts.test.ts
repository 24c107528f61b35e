import {describe, expect, test} from 'vitest';
import {loadHome} from '../../../source/ui/home/load-home.ts';
import {open, run, team} from './full-home.ts';

describe('what the home screen knows', () => {
	test('is looked for, and each part shown as soon as it is there', async () => {
		const providers = Promise.withResolvers<[]>();
		const test = open({}, {findProviders: async () => providers.promise});
		loadHome(test.app);
		await test.settle();
		expect(test.home()).toMatchObject({teams: [team], runs: [run], providers: undefined});
		providers.resolve([]);
		await test.settle();
		expect(test.home().providers).toEqual([]);
	});

	test('is shown also when a part of it cannot be had', async () => {
		const test = open(
			{},
			{
				async listTeams() {
					throw new Error('teams/ cannot be read');
				},
			},
		);
		loadHome(test.app);
		await test.settle();
		expect(test.notice()).toBe('teams/ cannot be read');
		expect(test.home().unreadable).toMatchObject({teams: 'teams/ cannot be read', runs: undefined});
		expect(test.home().runs).toEqual([run]);
	});
});
