import {expect, test} from 'vitest';
import {permissionFor} from '../../source/sandbox/command-permission.ts';
import type {PermissionRequest} from '../../source/sandbox/command-permission.ts';

const confined = {backend: 'bwrap', label: 'sandboxed', confined: true};
const unconfined = {backend: 'none', label: 'UNSANDBOXED', confined: false};

const decide = (question: Partial<PermissionRequest>) =>
	permissionFor({
		mode: 'sandboxed',
		effect: 'command',
		confinement: unconfined,
		approvedCommands: [],
		command: 'npm test',
		...question,
	}).kind;

test('the mode says which writes and commands are free', () => {
	const table = (['ask', 'edits', 'sandboxed', 'all'] as const).map(mode => [
		mode,
		permissionFor({mode, effect: 'write', confinement: unconfined, approvedCommands: []}).kind,
		decide({mode}),
		decide({mode, confinement: confined}),
	]);
	expect(table).toEqual([
		['ask', 'ask', 'ask', 'ask'],
		['edits', 'allow', 'ask', 'ask'],
		['sandboxed', 'allow', 'ask', 'allow'],
		['all', 'allow', 'allow', 'allow'],
	]);
});

test('reading, messages and finishing are always free', () => {
	for (const effect of ['read', 'message', 'finish'] as const) {
		expect(
			permissionFor({mode: 'ask', effect, confinement: unconfined, approvedCommands: []}).kind,
		).toBe('allow');
	}
});

test('an approved check is free, word for word and no more', () => {
	const approvedCommands = ['npm test'];
	expect(decide({mode: 'ask', approvedCommands})).toBe('allow');
	expect(decide({mode: 'ask', approvedCommands, command: 'npm test '})).toBe('ask');
	expect(decide({mode: 'ask', approvedCommands, command: 'npm test; rm -rf /'})).toBe('ask');
});

test.each([
	'cat ~/.llm-orchestrator/config.json',
	'ls "$LLM_ORCHESTRATOR_HOME"',
	'llm-orchestrator approve r1',
	'npx llm-orchestrator --json reject r1 p1',
	'/usr/bin/llm-orchestrator   approve',
	'sh -c "llm-orchestrator reject"',
	'$(llm-orchestrator approve)',
	'env -u LLM_ORCHESTRATOR_AGENT npm test',
])('%s is denied in every mode, even as an approved check', command => {
	expect(decide({mode: 'all', confinement: confined, command, approvedCommands: [command]})).toBe(
		'deny',
	);
});

test('ordinary commands that only sound alike are not denied', () => {
	for (const command of [
		'npm run approve',
		'llm-orchestrator list',
		'grep -r llm-orchestrator .',
	]) {
		expect(decide({mode: 'all', command})).toBe('allow');
	}
});

test('a very long command is judged at once', () => {
	const command = 'llm-orchestrator a '.repeat(100_000) + 'llm-orchestrator'.repeat(100_000);
	expect(decide({mode: 'all', command})).toBe('allow');
});
