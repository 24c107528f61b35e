import {describe, expect, test} from 'vitest';
import {answer} from './scripted-session.ts';
import {finish, work} from './work-of-teammate.ts';

describe('a teammate that goes round in circles', () => {
	const again = answer([['read', {path: 'a'}]]);
	const sameResult = () => ({ok: true, text: 'the same', changed: false});

	test('has no tools for one turn, is told why, and gets them back', async () => {
		const {requests, end} = await work({
			answers: [again, again, again, answer('I will edit instead.'), finish],
			tool: sameResult,
		});
		expect(requests.map(({toolChoice}) => toolChoice)).toEqual([
			'auto',
			'auto',
			'auto',
			'none',
			'auto',
		]);
		expect(requests[3]?.messages.at(-1)).toMatchObject({
			role: 'user',
			text: expect.stringContaining('withheld'),
		});
		// The tools are still listed, so that the prefix of the request stays the same.
		expect(requests[3]?.tools).toEqual(requests[0]?.tools);
		expect(end.kind).toBe('finished');
	});

	test('has failed when the same was run five times; what is called while tools are withheld is not run', async () => {
		const {requests, end} = await work({answers: [again], tool: sameResult});
		expect(requests).toHaveLength(7);
		expect(requests[4]?.messages.at(-1)).toMatchObject({
			role: 'tool',
			isError: true,
			text: expect.stringContaining('Not run'),
		});
		expect(end).toMatchObject({kind: 'failed', failure: {kind: 'bad-call'}, turns: 7});
	});

	test('is not one that waits for its own words after tools were withheld', async () => {
		const talk = answer('I see.');
		const {end} = await work({
			answers: [again, again, again, talk, talk, talk, finish],
			tool: sameResult,
		});
		expect(end.kind).toBe('finished');
	});
});
