import {z} from 'zod';
import type {PermissionMode} from './settings.ts';

/** What confined a command, as its event keeps it. */
export const confinementSchema = z.object({
	/** `none`, or the name of the sandbox. */
	backend: z.string(),
	/** Whether it could only write to its workspace and had no network. */
	confined: z.boolean(),
});

export type CommandConfinement = z.infer<typeof confinementSchema>;

/** Whether commands need a decision of the person; approved checks never do. */
export function commandsAsk(mode: PermissionMode, confined: boolean): boolean {
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
 * Whether a command that a crash cut off needs a decision before its attempt starts over. A confined
 * one could not reach beyond the workspace, which is thrown away.
 *
 * @param confinement `undefined`: the log does not say
 */
export function interruptedCommandAsks(
	mode: PermissionMode,
	confinement: CommandConfinement | undefined,
): boolean {
	return confinement?.confined !== true && commandsAsk(mode, false);
}
