import type {RunSettings} from '../core/settings.ts';

/**
 * What agents may do without asking, in words for people who do not know the modes: no sandbox confines
 * commands here, so `sandboxed` asks. Checks of an approved plan run in any mode.
 */
export function permissionText({
	permission,
	attended,
}: Pick<RunSettings, 'permission' | 'attended'>): string {
	const ask = attended ? 'asks first' : 'is refused, as nobody can be asked';
	return `Commands run UNSANDBOXED; ${whatAsks(permission, ask)} (permission: ${permission})`;
}

function whatAsks(permission: RunSettings['permission'], ask: string): string {
	switch (permission) {
		case 'ask':
			return `each one and each edit ${ask}`;
		case 'edits':
			return `each one ${ask}, edits are free`;
		case 'sandboxed':
			return `with no sandbox here each one ${ask}`;
		case 'all':
			return 'none of them asks first';
	}
}
