import {expect, test} from 'vitest';
import {smallTeammateRequest} from '../../source/agents/small-teammate.ts';
import type {Message, ToolMessage} from '../../source/core/chat.ts';
import {brief} from './scripted-session.ts';

const specs = [
	'read_file',
	'search',
	'write_file',
	'run_command',
	'send_message',
	'deploy',
	'finish',
].map(name => ({name, description: name, input: {}}));
const prompt: Message = {role: 'user', text: '# Subtask\n\nparse: Parse lines'};
const result = (name: string, isError: boolean): ToolMessage => ({
	role: 'tool',
	callId: 'c',
	name,
	text: '',
	isError,
});
const toolsFor = (messages: readonly Message[], fields: Partial<typeof brief> = {}) =>
	smallTeammateRequest({...brief, ...fields}, messages, specs).tools?.map(({name}) => name);

test('the work is the first message and nothing else, and the checks are in the system prompt', () => {
	const after = result('write_file', false);
	const {messages, system} = smallTeammateRequest(brief, [prompt, after], specs);
	expect(messages).toEqual([{role: 'user', text: 'Make the parser work.'}, after]);
	expect(system).toContain('Checks that must pass in the end:\n- npm test');
});

test('a small model is not offered what it uses in place of work; tools of the person stay', () => {
	expect(toolsFor([prompt])).toEqual([
		'read_file',
		'write_file',
		'run_command',
		'deploy',
		'finish',
	]);
});

test('commands that need permission are not offered, so that nobody is asked for nonsense', () => {
	expect(toolsFor([prompt], {commandsNeedPermission: true})).not.toContain('run_command');
});

test('finish is not offered right after its checks were red, and again after the next call', () => {
	expect(toolsFor([prompt, result('finish', true)])).not.toContain('finish');
	expect(toolsFor([prompt, result('finish', true), result('write_file', false)])).toContain(
		'finish',
	);
});
