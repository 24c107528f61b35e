import {expect, it} from 'vitest';
import type {PermissionMode} from '../../source/core/settings.ts';
import {permissionText} from '../../source/present/permission-text.ts';

it.each<readonly [PermissionMode, boolean, string]>([
	['sandboxed', true, 'with no sandbox here each one asks first'],
	['sandboxed', false, 'with no sandbox here each one is refused, as nobody can be asked'],
	['ask', true, 'each one and each edit asks first'],
	['edits', true, 'each one asks first, edits are free'],
	['all', false, 'none of them asks first'],
])('the mode %s says what it means (somebody can be asked: %s)', (permission, attended, words) => {
	expect(permissionText({permission, attended})).toBe(
		`Commands run UNSANDBOXED; ${words} (permission: ${permission})`,
	);
});
