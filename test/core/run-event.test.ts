import {describe, expect, test} from 'vitest';
import {runEventSchema} from '../../source/core/run-event.ts';
import {everyEvent, placed, poisoned} from './every-event.ts';

const types = runEventSchema.options.map(option => option.shape.type.value);

describe('the events of a log', () => {
	test('are of types that are named once each, in kebab-case', () => {
		expect(new Set(types).size).toBe(types.length);
		expect(everyEvent.map(({type}) => type).toSorted()).toEqual(types.toSorted());
		for (const type of types) {
			expect(type).toMatch(/^[a-z]+(?:-[a-z]+)+$/);
		}
	});

	test.each(everyEvent.map(event => [event.type, event] as const))(
		'come back from a line as they were, with no field lost: %s',
		(_, event) => {
			expect(runEventSchema.parse(JSON.parse(JSON.stringify(event)))).toStrictEqual(event);
		},
	);

	test.each(everyEvent.map(event => [event.type, event] as const))(
		'are refused without any of the fields that make their place: %s',
		(_, event) => {
			for (const field of ['v', 'seq', 'time', 'run', 'epoch', 'type']) {
				const {[field]: __, ...rest} = event as Record<string, unknown>;
				expect(runEventSchema.safeParse(rest).success).toBe(false);
			}
		},
	);

	test('may carry any text', () => {
		const event = poisoned(placed({type: 'run-paused', reason: 'x'}), '\u001B[2J\u0000\u202E"\\\n');
		expect(runEventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
	});

	test.each([
		['of another version', {v: 2}],
		['without a place', {seq: 0}],
		['of no writer', {epoch: 0}],
		['of an unknown type', {type: 'run-exploded'}],
		['with a number for a text', {reason: 7}],
	])('are refused: %s', (_, fields) => {
		const event = placed({type: 'run-paused', reason: 'x'});
		expect(runEventSchema.safeParse({...event, ...fields}).success).toBe(false);
	});

	test('of an agent or a subtask say so', () => {
		for (const event of everyEvent) {
			if (/^(?:agent|model|tool)-/.test(event.type)) {
				expect(event).toMatchObject({agent: 'teammate-1', subtask: 'parse', attempt: 2});
			} else if (/^(?:subtask|attempt|check|verification|merge)-/.test(event.type)) {
				expect(event).toHaveProperty('subtask');
			}
		}
	});
});
