import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {AgentState} from '../../../source/core/run-state-entries.ts';
import {agentsOf} from '../../../source/present/team-rows.ts';
import {chooseShownLogs} from '../../../source/ui/run/run-view.ts';
import {literalRun, planning} from '../../helpers/ui-run.ts';

const names = ['alice', 'bob', 'carol', 'dave', 'eve', 'fred'];

/** The team of `names`, of whom some work. */
function team(...working: readonly string[]): readonly AgentState[] {
	const state = literalRun({past: planning({teammates: names})}).state();
	return agentsOf(state).map(agent => ({
		...agent,
		activity: working.includes(agent.name) ? 'thinking' : 'idle',
	}));
}

describe('whose logs are shown', () => {
	test('are those at work, then the others, as many as there is room for', () => {
		expect(chooseShownLogs([], team(), undefined, 3)).toEqual(['lead', 'alice', 'bob']);
		expect(chooseShownLogs([], team('carol', 'bob'), undefined, 3)).toEqual([
			'bob',
			'carol',
			'lead',
		]);
		expect(chooseShownLogs([], [], undefined, 3)).toEqual([]);
	});

	test('is the selected agent in any case', () => {
		expect(chooseShownLogs([], team('alice', 'bob'), 'eve', 2)).toEqual(['eve', 'alice']);
		expect(chooseShownLogs(['alice', 'bob'], team('alice', 'bob'), 'eve', 2)).toEqual([
			'alice',
			'eve',
		]);
	});

	test('stay in their places as long as they work', () => {
		const before = ['eve', 'alice', 'carol'];
		expect(chooseShownLogs(before, team(...names), undefined, 3)).toEqual(before);
		expect(chooseShownLogs(before, team('eve', 'carol', 'bob'), undefined, 3)).toEqual([
			'eve',
			'bob',
			'carol',
		]);
	});

	test('stay when nobody else works', () => {
		expect(chooseShownLogs(['eve', 'bob'], team(), undefined, 2)).toEqual(['eve', 'bob']);
	});

	test('become fewer and more with the screen, those at work last to go', () => {
		const before = ['bob', 'alice', 'carol'];
		expect(chooseShownLogs(before, team('carol'), undefined, 2)).toEqual(['bob', 'carol']);
		expect(chooseShownLogs(before, team('carol'), undefined, 4)).toEqual([...before, 'lead']);
	});

	test('are all different, as many as there can be, and none of them moves', () => {
		const some = fc.uniqueArray(fc.constantFrom('lead', ...names));
		fc.assert(
			fc.property(
				some,
				some,
				fc.option(fc.constantFrom(...names), {nil: undefined}),
				fc.integer({min: 1, max: 4}),
				(before, working, selected, count) => {
					const shown = chooseShownLogs(before, team(...working), selected, count);
					expect(new Set(shown).size).toBe(shown.length);
					expect(shown).toHaveLength(count);
					for (const [index, name] of before.slice(0, count).entries()) {
						expect([index, -1]).toContain(shown.indexOf(name));
					}

					const idle = shown.filter(name => name !== selected && !working.includes(name));
					const left = working.filter(name => !shown.includes(name));
					expect(idle.length === 0 || left.length === 0).toBe(true);
				},
			),
		);
	});
});
