import {expect, test} from 'vitest';
import {collectAll} from '../../helpers/model-server/collect.ts';
import {endpointOf} from '../../../source/providers/transport/endpoint.ts';
import {
	readCheckedLines,
	readEvents,
	readErrorText,
	readText,
} from '../../../source/providers/transport/wire.ts';

const endpoint = endpointOf({type: 'openai'});

async function* chunksOf(text: string, size: number) {
	const bytes = new TextEncoder().encode(text);
	for (let index = 0; index < bytes.length; index += size) {
		yield bytes.slice(index, index + size);
	}
}

test.each([1, 3, 1000])('reads events in chunks of %d bytes', async size => {
	const text =
		': a comment\r\nevent: one\r\ndata: {"a":\r\ndata: "ü🎉"}\r\n\r\nid: 7\ndata:[1]\n\n\n\ndata: [DONE]\n\n';
	expect(await collectAll(readEvents(chunksOf(text, size), endpoint))).toEqual([
		{a: 'ü🎉'},
		[1],
		undefined,
	]);
});

test('leaves an event out that is not closed', async () => {
	const text = 'data: {"a":1}\n\ndata: {"half":';
	expect(await collectAll(readEvents(chunksOf(text, 5), endpoint))).toEqual([{a: 1}]);
});

test('an error event ends the stream, whatever its shape', async () => {
	const read = async (text: string) => collectAll(readEvents(chunksOf(text, 9), endpoint));
	await expect(read('event: error\ndata: oh no\n\n')).rejects.toThrow(/oh no$/);
	await expect(read('data: {"error":{"message":"oh no"}}\n\n')).rejects.toThrow(/oh no$/);
	await expect(read('data: {"error":null}\n\n')).resolves.toEqual([{error: null}]);
});

test('leaves a last line out that was cut, and keeps one that only lacks its end', async () => {
	const read = async (text: string) => {
		const lines = await collectAll(readCheckedLines(chunksOf(text, 4), endpoint));
		return lines.map(line => new TextDecoder().decode(line));
	};
	expect(await read('{"a":1}\n\n{"b":')).toEqual(['{"a":1}\n']);
	expect(await read('{"a":1}\r\n{"b":2}')).toEqual(['{"a":1}\n', '{"b":2}\n']);
	await expect(read('{"a":\n{"b":2}\n')).rejects.toThrow(/not JSON$/);
	await expect(read('{"error":"oh no"}\n')).rejects.toThrow(/oh no$/);
});

test('leaves an error that is none out, and takes nothing but objects for a part of an answer', async () => {
	const read = async (text: string) => {
		const lines = await collectAll(readCheckedLines(chunksOf(text, 4), endpoint));
		return lines.map(line => new TextDecoder().decode(line));
	};
	expect(await read('{"error":null,"a":1}\n')).toEqual(['{"a":1}\n']);
	for (const idle of ['null', '5', 'true', 'ping', '']) {
		expect(await read(`{"a":1}\n${idle}\n`)).toEqual(['{"a":1}\n']);
	}

	for (const odd of ['"x"', '[{"a":1}]']) {
		await expect(read(`{"a":1}\n${odd}\n`)).rejects.toMatchObject({
			kind: 'transient',
			message: expect.stringMatching(/does not match the protocol$/),
		});
	}
});

test('line separators of Unicode inside an event are text', async () => {
	const text = 'data: {"a":"one\u2028two\u2029three\u0085"}\n\n';
	expect(await collectAll(readEvents(chunksOf(text, 5), endpoint))).toEqual([
		{a: 'one\u2028two\u2029three\u0085'},
	]);
});

test('fields that the protocol does not know, and lines without a field, say nothing', async () => {
	const text = '\uFEFFid: 1\nretry: 5\nnonsense\ndata\nX-Data: 1\ndata:  {"a":1}\n\n';
	expect(await collectAll(readEvents(chunksOf(text, 4), endpoint))).toEqual([{a: 1}]);
});

test('a body is read to its limit, and a broken one as far as it came', async () => {
	async function* broken() {
		yield* chunksOf('Größe', 3);
		throw new Error('torn');
	}

	expect(await readText(chunksOf('abcdef', 2), 4)).toBe('abcd');
	expect(await readText(null, 4)).toBe('');
	await expect(readText(broken(), 100)).rejects.toThrow('torn');
	expect(await readErrorText(broken(), 100)).toBe('Größe');
});
