import {describe, expect, test} from 'vitest';
import type {RunEventBody} from '../../../source/core/run-event.ts';
import {rowText} from '../../../source/present/text/row.ts';
import {helpRows} from '../../../source/ui/help/help-rows.ts';
import {hintsOf} from '../../../source/ui/keys/hints.ts';
import {
	commandFor,
	keyLabel,
	keyMap,
	type Binding,
	type KeyContext,
} from '../../../source/ui/keys/key-map.ts';
import {planOf, subtask} from '../../helpers/run-parts.ts';
import {
	asked,
	begun,
	decided,
	literalReplay,
	literalRun,
	planning,
	proposed,
} from '../../helpers/ui-run.ts';
import {openRunApp, openTestApp, type TestApp} from '../open-test-app.ts';

const contexts = Object.keys(keyMap) as readonly KeyContext[];
const bindingsOf = (context: KeyContext): readonly Binding[] => keyMap[context];

const working: readonly RunEventBody[] = [
	...planning(),
	...proposed(planOf({subtasks: [subtask('api')]})),
	decided('p1'),
	...begun('api', 'alice'),
];

/** A screen on which the keys of a context mean something. */
async function openIn(context: KeyContext): Promise<TestApp> {
	const own = async (past: readonly RunEventBody[]) =>
		openRunApp({kind: 'own', run: literalRun({past})});
	switch (context) {
		case 'home':
			return openTestApp({home: {}});
		case 'approval':
			return own([...working, asked('t1')]);
		case 'replay':
			return openRunApp({kind: 'replay', run: literalReplay({past: working})});
		case 'log': {
			const test = await own(working);
			test.keys('3');
			return test;
		}

		case 'text': {
			const test = await own(working);
			test.keys('m');
			return test;
		}

		default:
			return own(working);
	}
}

/** Whether a key did something, or said why it could not. */
async function acts(context: KeyContext, key: string): Promise<boolean> {
	const test = await openIn(context);
	const before = test.app.store.getState();
	test.keys(key);
	await test.settle();
	const {tick: _, ...after} = test.app.store.getState();
	const isOther = Object.entries(after).some(
		([name, value]) => value !== before[name as keyof typeof after],
	);
	return (
		!(test.notice() ?? '').includes('does nothing here') && (isOther || test.told.done.length > 0)
	);
}

describe('the map of keys', () => {
	test.each(contexts)('knows each key once, and each command: %s', context => {
		const bindings = bindingsOf(context);
		const keys = bindings.flatMap(binding => binding.keys);
		const commands = bindings.map(({command}) => command);
		expect(new Set(keys).size).toBe(keys.length);
		expect(new Set(commands).size).toBe(commands.length);
		expect(bindings.every(binding => binding.keys.length > 0 && binding.help !== '')).toBe(true);
	});

	test.each(
		contexts.flatMap(context =>
			bindingsOf(context).flatMap(({keys}) => keys.map(key => [context, key] as const)),
		),
	)('has a handler for each of its keys: %s, %s', async (context, key) => {
		expect(await acts(context, key)).toBe(true);
	});

	test('has handlers for the digits, and none for what it does not know', async () => {
		expect(await acts('run', '1')).toBe(true);
		for (const context of ['home', 'run', 'approval', 'log', 'replay'] as const) {
			expect(await acts(context, 'Z')).toBe(false);
		}
	});

	test('finds the nearest meaning of a key', () => {
		expect(commandFor('n', ['log', 'approval'])).toEqual({command: 'find-next', context: 'log'});
		expect(commandFor('n', ['approval', 'log'])).toEqual({command: 'reject', context: 'approval'});
		expect(commandFor('n', ['run'])).toBeUndefined();
	});

	test('approves with letters only: no key that is pressed by habit decides', () => {
		const deciding = bindingsOf('approval').filter(({command}) =>
			['approve', 'always', 'reject'].includes(command),
		);
		for (const key of deciding.flatMap(({keys}) => keys)) {
			expect(key).toMatch(/^[A-Za-z]$/);
		}
	});
});

describe('the names of keys', () => {
	test.each([
		['a', 'a'],
		['A', 'A'],
		['+', '+'],
		['tab', 'Tab'],
		['shift+tab', 'Shift+Tab'],
		['ctrl+c', 'Ctrl+C'],
		['alt+enter', 'Alt+Enter'],
		['escape', 'Esc'],
		['pageup', 'PgUp'],
		['up', '↑'],
	])('%s is shown as %s', (name, label) => {
		expect(keyLabel(name)).toBe(label);
	});
});

describe('the help', () => {
	test.each([60, 100, 110, 200])('names every key with what it does, at %i columns', columns => {
		const text = helpRows(columns).map(rowText).join('\n');
		for (const context of contexts) {
			for (const {keys, help} of bindingsOf(context)) {
				for (const key of keys) {
					expect(text).toContain(keyLabel(key));
				}

				expect(text.replaceAll(/\s+/g, ' ')).toContain(columns < 110 ? help : help.slice(0, 25));
			}
		}
	});
});

describe('the hints at the bottom', () => {
	test('are the keys of the map that are worth their place', () => {
		const hints = hintsOf('approval', ['edit'])
			.map(({text}) => text)
			.join('');
		expect(hints).toBe('a approve   A always   r reject   v view   ');
		for (const context of contexts) {
			const wanted = bindingsOf(context).filter(({hint}) => hint !== undefined);
			const words = hintsOf(context).map(({text}) => text.trim());
			expect(words).toEqual(wanted.flatMap(({keys, hint}) => [keyLabel(keys[0] ?? ''), hint]));
		}
	});
});
