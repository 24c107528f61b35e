import type {RunSettings} from '../core/settings.ts';

/**
 * What agents may do without asking, spelled out. There is no sandbox, so `sandboxed` asks. Checks of
 * an approved plan run in every mode.
 */
export function permissionText({
	permission,
	attended,
}: Pick<RunSettings, 'permission' | 'attended'>): string {
	const ask = attended ? 'asks first' : 'is refused because no one can be asked';
	return `Commands run UNSANDBOXED; ${whatNeedsApproval(permission, ask)} (permission: ${permission})`;
}

function whatNeedsApproval(permission: RunSettings['permission'], ask: string): string {
	switch (permission) {
		case 'ask':
			return `every command and edit ${ask}`;
		case 'edits':
			return `every command ${ask}, edits are free`;
		case 'sandboxed':
			return `with no sandbox, every command ${ask}`;
		case 'all':
			return 'nothing asks first';
	}
}
