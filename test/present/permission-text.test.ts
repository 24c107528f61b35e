import {expect, test} from 'vitest';
import type {PermissionMode} from '../../source/core/settings.ts';
import {permissionText} from '../../source/present/permission-text.ts';

test.each<readonly [PermissionMode, boolean, string]>([
	['sandboxed', true, 'with no sandbox, every command needs approval'],
	['sandboxed', false, 'with no sandbox, every command is refused because no one can approve it'],
	['ask', true, 'every command and edit needs approval'],
	['edits', true, 'every command needs approval, edits are allowed'],
	['all', false, 'nothing needs approval'],
])('the mode %s says what it means (somebody can be asked: %s)', (permission, attended, words) => {
	expect(permissionText({permission, attended})).toBe(
		`Commands run UNSANDBOXED; ${words} (permission: ${permission})`,
	);
});
