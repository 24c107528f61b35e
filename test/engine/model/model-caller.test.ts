import {expect, test} from 'vitest';
import {toolCallsOf, type Answer} from '../../../source/core/chat.ts';
import {createRedactor} from '../../../source/core/redact.ts';
import {
	callerOver,
	connectionTo,
	hello,
	providerThat,
	request,
	setUpCaller,
} from '../../helpers/model-calls.ts';

test('a call is logged before and after, counted, and heard while it is said', async () => {
	const {call, events, heard, recorder} = await setUpCaller(() => hello);
	expect(await call(request, 1)).toEqual(hello);
	expect(events.map(({type}) => type)).toEqual(['model-call-started', 'model-call-finished']);
	expect(recorder.state.usage.total).toMatchObject({calls: 1, input: 10, output: 5, total: 15});
	expect(heard).toEqual(['Hello']);
});

test('an answer that is logged is given again without a call and without an event', async () => {
	const first = await setUpCaller(() => hello);
	await first.call(request, 1);
	const {provider, calls} = providerThat(() => hello);
	const events = first.events.length;
	const again = await callerOver(first.recorder, provider, {past: first.events});
	expect(await again.call(request, 1)).toEqual(hello);
	expect(calls()).toBe(0);
	expect(first.events).toHaveLength(events);
	await again.call({...request, system: 'other'}, 2);
	expect(calls()).toBe(1);
	// The workspace holds what came of the logged answer: another conversation would not fit to it.
	await expect(again.call({...request, system: 'changed'}, 1)).rejects.toThrow('cannot continue');
});

test('what goes on with the conversation is what the log holds: without secrets', async () => {
	const secret = {
		...hello,
		message: {...hello.message, parts: [{kind: 'text', text: 'key-1234'}]},
	};
	const {call} = await setUpCaller(() => secret as Answer, {
		redact: text => text.replaceAll('key-1234', '[redacted]'),
	});
	expect((await call(request, 1)).message.parts).toEqual([{kind: 'text', text: '[redacted]'}]);
});

test('of several calls only the first is kept for a model that can be shown one only', async () => {
	const calls = ['a', 'b'].map(id => ({
		kind: 'tool-call' as const,
		id,
		name: 'look',
		argumentsText: '{}',
		arguments: {},
	}));
	const many: Answer = {...hello, message: {...hello.message, parts: calls}};
	const {provider} = providerThat(() => many);
	const {call} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider, {callsPerAnswer: 'one'}),
	});
	expect((await call(request, 1)).message.parts).toEqual([calls[0]]);
});

test('an answer is read as it was meant before it is logged', async () => {
	const meant: Answer = {...hello, stopReason: 'refusal'};
	const {call, events} = await setUpCaller(() => hello, {read: () => meant});
	expect(await call(request, 1)).toEqual(meant);
	expect(events.at(-1)).toMatchObject({type: 'model-call-finished', stopReason: 'refusal'});
});

test('a model that says the same without end is cut off, and told so by its agent', async () => {
	const line = 'I will now look at the file again to see whether it is there.\n';
	let said = 0;
	const {provider} = providerThat(() => hello, {
		async *stream() {
			for (; said < 10_000; said++) {
				yield {type: 'text-delta', text: line};
			}

			yield {type: 'finished', answer: hello};
		},
	});
	const {call, events} = await setUpCaller(() => hello, {
		connect: async () => connectionTo(provider),
	});
	await expect(call(request, 1)).rejects.toMatchObject({
		kind: 'output-cut',
		message: expect.stringContaining('repeated itself without end'),
	});
	expect(said).toBeLessThan(200);
	expect(events.filter(({type}) => type === 'model-call-failed')).toHaveLength(1);
});

test('an answer that nobody can take apart is paid for, and told to the agent', async () => {
	const deep = {...hello, usage: {...hello.usage, input: 1_000, output: 500}};
	const {call, recorder} = await setUpCaller(() => deep, {
		read() {
			throw new RangeError('Maximum call stack size exceeded');
		},
	});
	await expect(call(request, 1)).rejects.toMatchObject({
		kind: 'bad-call',
		message: expect.stringContaining('nested too deep'),
	});
	expect(recorder.state.usage.total).toMatchObject({calls: 1, total: 1_500});
});

test('ids of calls that were given in the session before are given anew, also after a crash', async () => {
	const calling: Answer = {
		...hello,
		message: {
			...hello.message,
			parts: ['same', 'same'].map(id => ({
				kind: 'tool-call',
				id,
				name: 'look',
				argumentsText: '{}',
				arguments: {},
			})),
		},
	};
	const idsOf = ({message}: Answer) => toolCallsOf(message).map(({id}) => id);
	const {call, events, recorder} = await setUpCaller(() => calling);
	const first = idsOf(await call(request, 1));
	const second = idsOf(await call({...request, system: 'next'}, 2));
	expect(new Set([...first, ...second]).size).toBe(4);
	const again = await callerOver(recorder, providerThat(() => calling).provider, {past: events});
	expect(idsOf(await again.call(request, 1))).toEqual(first);
	await again.call({...request, system: 'next'}, 2);
	const third = idsOf(await again.call({...request, system: 'third'}, 3));
	expect(new Set([...first, ...second, ...third]).size).toBe(6);
});

test('secrets are taken out of each text of an answer, and nothing between them', async () => {
	const parts: Answer['message']['parts'] = [
		{kind: 'text', text: 'see http://localhost:3000'},
		{
			kind: 'tool-call',
			id: 'c',
			name: 'read_file',
			argumentsText: '{"path":"@output-1"}',
			arguments: {path: '@output-1'},
		},
	];
	const {call} = await setUpCaller(() => ({...hello, message: {...hello.message, parts}}), {
		redact: createRedactor([]),
	});
	expect((await call(request, 1)).message.parts).toEqual(parts);
});
