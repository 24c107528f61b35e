import type {RunSettings} from '../core/settings.ts';

/**
 * What agents may do without approval, spelled out. There is no sandbox, so in mode `sandboxed` commands
 * need approval. Checks of
 * an approved plan run in every mode.
 */
export function permissionText({
	permission,
	attended,
}: Pick<RunSettings, 'permission' | 'attended'>): string {
	const ask = attended ? 'needs approval' : 'is refused because no one can approve it';
	return `Commands run UNSANDBOXED; ${whatNeedsApproval(permission, ask)} (permission: ${permission})`;
}

function whatNeedsApproval(permission: RunSettings['permission'], ask: string): string {
	switch (permission) {
		case 'ask':
			return `every command and edit ${ask}`;
		case 'edits':
			return `every command ${ask}, edits are allowed`;
		case 'sandboxed':
			return `with no sandbox, every command ${ask}`;
		case 'all':
			return 'nothing needs approval';
	}
}
