import type {Permission} from '../core/approval.ts';
import type {ToolEffect} from '../core/run-event.ts';
import type {PermissionMode} from '../core/settings.ts';
import type {Confinement} from './sandbox.ts';

export type PermissionQuestion = {
	readonly mode: PermissionMode;
	/** What the tool does to the world. */
	readonly effect: ToolEffect;
	readonly confinement: Confinement;
	/** Checks of the plan that was approved; exactly these commands are free. */
	readonly approvedCommands: readonly string[];
	/** The whole command line of a command. */
	readonly command?: string | undefined;
};

/**
 * Whether a tool call may go ahead, in the person's chosen mode. `ask`: every command and write
 * asks. `edits`: writes are free. `sandboxed`: commands too while they are confined. `all`: all is
 * free. Denials win in every mode. They are advice, no boundary: a shell has many ways to say the
 * same thing, and only a confining sandbox closes them.
 */
export function permissionFor(question: PermissionQuestion): Permission {
	const {mode, effect, confinement, approvedCommands, command} = question;
	const reason = command === undefined ? undefined : reasonToDeny(command);
	if (reason !== undefined) {
		return {kind: 'deny', reason};
	}

	switch (effect) {
		case 'read':
		case 'message':
		case 'finish':
			return {kind: 'allow'};
		case 'write':
			return mode === 'ask' ? {kind: 'ask'} : {kind: 'allow'};
		case 'command': {
			const free =
				mode === 'all' ||
				(mode === 'sandboxed' && confinement.confined) ||
				(command !== undefined && approvedCommands.includes(command));
			return {kind: free ? 'allow' : 'ask'};
		}
	}
}

function reasonToDeny(command: string): string | undefined {
	if (command.includes('.llm-orchestrator') || command.includes('LLM_ORCHESTRATOR_HOME')) {
		return 'The home of llm-orchestrator is closed to agents';
	}

	if (command.includes('LLM_ORCHESTRATOR_AGENT')) {
		return 'The mark of an agent’s command cannot be changed';
	}

	return command.split(/[;&|\n]/).some(decides) ? 'Agents cannot decide on requests' : undefined;
}

/** Whether a simple command calls our program with a decision, options before it or not. */
function decides(command: string): boolean {
	const words = command.split(/\s+/).map(word => word.replace(/["'`$()\\]/g, ''));
	const program = words.findIndex(word => word.includes('llm-orchestrator'));
	const isDecision = (word: string): boolean => word === 'approve' || word === 'reject';
	return program !== -1 && words.slice(program + 1).some(isDecision);
}
