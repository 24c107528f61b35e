import {expect, test} from 'vitest';
import {commandsNeedPermission, interruptedCommandAsks} from '../../source/core/permission.ts';

test.each([
	['ask', true, true],
	['edits', true, true],
	['sandboxed', true, false],
	['all', false, false],
] as const)(
	'in mode %s commands ask unconfined: %s, confined: %s',
	(mode, unconfined, confined) => {
		expect(commandsNeedPermission(mode, false)).toBe(unconfined);
		expect(commandsNeedPermission(mode, true)).toBe(confined);
	},
);

test.each([
	['ask', {backend: 'box', confined: true}, false],
	['sandboxed', {backend: 'box', confined: true}, false],
	['sandboxed', {backend: 'none', confined: false}, true],
	['edits', {backend: 'none', confined: false}, true],
	['all', {backend: 'none', confined: false}, false],
	// Older logs do not say what confined a command: nothing did.
	['sandboxed', undefined, true],
	['all', undefined, false],
] as const)('in mode %s a command that was cut off under %j asks: %s', (mode, then, asks) => {
	expect(interruptedCommandAsks(mode, then)).toBe(asks);
});
