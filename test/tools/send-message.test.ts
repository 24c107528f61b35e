import {expect, test} from 'vitest';
import {workshop} from './workshop.ts';

test('send_message hands the message on and finish only says so', async () => {
	const sent: unknown[] = [];
	const {call} = workshop(
		{},
		{sendMessage: async (to, text) => `${to} got ${text} (${sent.push(text)})`},
	);
	expect(await call('send_message', {to: 'ben', text: 'hello'})).toEqual({
		ok: true,
		text: 'ben got hello (1)',
	});
	expect(await call('finish', {summary: 'done', outputs: {count: 3}})).toEqual({
		ok: true,
		text: 'Finished.',
	});
	expect(await call('finish', {outputs: {}})).toMatchObject({
		kind: 'bad-call',
		text: expect.stringContaining('summary is missing'),
	});
});
