import {z} from 'zod';
import type {PermissionMode} from './settings.ts';

/** How a command was confined, as stored in its event. */
export const confinementSchema = z.object({
	/** `none`, or the name of the sandbox. */
	backend: z.string(),
	/** Whether it could only write to its workspace and had no network. */
	confined: z.boolean(),
});

export type CommandConfinement = z.infer<typeof confinementSchema>;

/** Whether commands need the person's permission; approved checks never do. */
export function commandsNeedPermission(mode: PermissionMode, confined: boolean): boolean {
	switch (mode) {
		case 'all':
			return false;
		case 'sandboxed':
			return !confined;
		case 'ask':
		case 'edits':
			return true;
	}
}

/**
 * Whether a command interrupted by a crash needs a decision before its attempt starts over. A
 * confined one cannot have changed anything outside the workspace, which is discarded.
 *
 * @param confinement `undefined`: not in the log
 */
export function interruptedCommandAsks(
	mode: PermissionMode,
	confinement: CommandConfinement | undefined,
): boolean {
	return confinement?.confined !== true && commandsNeedPermission(mode, false);
}
