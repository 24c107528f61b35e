import {expect, test} from 'vitest';
import {createLongResults} from '../../../source/engine/attempt/long-results.ts';
import {createModelMemory} from '../../../source/engine/model/model-memory.ts';
import {contextParts, openTestSession} from '../../helpers/context-parts.ts';
import {createTestRecorder} from '../../helpers/fake-recorder.ts';

const lines = (count: number) =>
	Array.from({length: count}, (_, index) => `line ${index + 1}`).join('\n');

async function setUp(contextTokens?: number) {
	const recorder = await createTestRecorder();
	const session = await openTestSession(contextParts(recorder), text =>
		text.replaceAll('secret', '[redacted]'),
	);
	const models = createModelMemory();
	models.setContextTokens(session.agent, contextTokens ?? null);
	return {results: createLongResults(session, models), session};
}

test('a result that fits is shown as it is, without secrets', async () => {
	const {results} = await setUp();
	expect(results.show({text: 'a secret'})).toEqual({text: 'a [redacted]'});
});

test('a long result is shown in part, and all of it can be read by its name', async () => {
	const {results} = await setUp();
	const text = `${lines(20_000)}\n`;
	const shown = results.show({text});
	expect(shown.text.length).toBeLessThan(31_000);
	expect(shown.text).toMatch(/^line 1\n/);
	expect(shown.text).toContain('characters left out');
	expect(shown.text).toMatch(
		/line 20000\n\n\[This is a part\. The whole has 20000 lines: read_file @output-1 shows any of them\]$/,
	);
	expect(await results.read('@output-1')).toBe(text);
	expect(await results.read('@output-2')).toBeUndefined();
	expect(results.show({text}).whole?.name).toBe('@output-2');
});

test('what a tool shows in part itself is kept whole as well', async () => {
	const {results} = await setUp();
	const shown = results.show({text: 'the start … the end', whole: 'the start, a secret, the end'});
	expect(shown.text).toContain('the start … the end\n[This is a part. The whole has 1 line');
	expect(await results.read('@output-1')).toBe('the start, a [redacted], the end');
});

test('what nobody kept is not promised', async () => {
	const {results} = await setUp();
	const shown = results.show({text: 'a … d', whole: 'a\nb …\nc d', lostBytes: 70_000});
	expect(shown.text).toMatch(
		/\[This is a part\. Of the whole, 70000 bytes in the middle are lost; 3 lines of its beginning and end are kept: read_file @output-1 shows any of them\]$/,
	);
});

test.each([
	[4_096, 2_867],
	[16_384, 11_468],
	[1_000, 1_500],
	[200_000, 30 * 1024],
])('with %i tokens of context a result has %i characters at most', async (tokens, most) => {
	const {results} = await setUp(tokens);
	expect(results.limit()).toBe(most);
	expect(results.show({text: 'x'.repeat(100_000)}).text.length).toBeLessThan(most + 200);
});

test('what an earlier process kept can be read again', async () => {
	const {results, session} = await setUp();
	results.restore({name: '@output-1', text: session.keep('all of it')});
	expect(await results.read('@output-1')).toBe('all of it');
	expect(results.show({text: 'a', whole: 'ab'}).whole?.name).toBe('@output-2');
});
