import {describe, expect, test} from 'vitest';
import {nudgeForCallInText} from '../../source/agents/call-in-text.ts';
import {createToolbox} from '../../source/tools/create-toolbox.ts';

const {specs} = createToolbox();
const call = '{"name": "read_file", "arguments": {"path": "a"}}';

describe('a model that wrote a call into its text', () => {
	test.each([
		`I will read it.\n${call}`,
		`Sure!\n\`\`\`json\n${call}\n\`\`\`\nThis reads the file.`,
		`First:\n<tool_call>\n${call}\n</tool_call>`,
		`First: <tool_call>${call}</tool_call>, then the rest.`,
		`I would say \`\`\`json ${call}\`\`\` here.`,
		`\`\`\`ts\nlet a = [];\n\`\`\`\nand\n\`\`\`json\n${call}\n\`\`\``,
		'So <function=read_file>{"path": "a"}</function>',
		'{"name": "functions.readFile", "arguments": {"file": "a"}}',
		'Like {this}:\n  {"tool": "read_file"}',
		'I use commentary to=functions.read_file json{"path": "a"} now',
	])('is told that nothing was done, and what the tool takes: %j', text => {
		expect(nudgeForCallInText(text, specs)).toBe(
			'Nothing was done: a call in your text is not a tool call. The arguments of read_file: path (string), offset (integer, may be left out), limit (integer, may be left out), column (integer, may be left out). Answer with the call alone, without any words around it.',
		);
	});

	test('is told which tools there are when it named another', () => {
		expect(nudgeForCallInText('{"name": "open", "arguments": {}}', specs)).toContain(
			'There is no tool "open". Tools: read_file, list_files,',
		);
	});

	test.each([
		'',
		'I will now read the file.',
		'```ts\nconst a = {};\n```',
		'{"a": 1}',
		'{',
		'- {x}\n[y]',
	])('is not what wrote %j', text => {
		expect(nudgeForCallInText(text, specs)).toBeUndefined();
	});

	test.each(['{', '```', '<tool_call>', '[{"a":', 'to=', '\n{'])(
		'takes little time for a megabyte of %j',
		piece => {
			expect(nudgeForCallInText(piece.repeat(1_000_000 / piece.length), specs)).toBeUndefined();
		},
	);
});
