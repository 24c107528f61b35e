import {expect, test} from 'vitest';
import type {PermissionMode} from '../../source/core/settings.ts';
import {permissionText} from '../../source/present/permission-text.ts';

test.each<readonly [PermissionMode, boolean, string]>([
	['sandboxed', true, 'with no sandbox, every command asks first'],
	['sandboxed', false, 'with no sandbox, every command is refused because no one can be asked'],
	['ask', true, 'every command and edit asks first'],
	['edits', true, 'every command asks first, edits are free'],
	['all', false, 'nothing asks first'],
])('the mode %s says what it means (somebody can be asked: %s)', (permission, attended, words) => {
	expect(permissionText({permission, attended})).toBe(
		`Commands run UNSANDBOXED; ${words} (permission: ${permission})`,
	);
});
