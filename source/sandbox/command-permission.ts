import type {Permission} from '../core/approval.ts';
import {commandsNeedPermission} from '../core/permission.ts';
import type {ToolEffect} from '../core/agent-events.ts';
import type {PermissionMode} from '../core/settings.ts';
import type {Confinement} from './sandbox.ts';

export type PermissionRequest = {
	readonly mode: PermissionMode;
	/** The tool's side effect. */
	readonly effect: ToolEffect;
	readonly confinement: Confinement;
	/** Checks of the approved plan; exactly these commands are allowed. */
	readonly approvedCommands: readonly string[];
	/** The full command line. */
	readonly command?: string | undefined;
};

/**
 * Whether a tool call may run in the person's chosen mode. `ask`: every command and write needs
 * permission. `edits`: writes are allowed. `sandboxed`: commands too, while they are confined.
 * `all`: everything is allowed. Denials apply in every mode. They are a safeguard, not a
 * boundary: a shell has many ways to express the same command, and only a confining sandbox
 * prevents them all.
 */
export function permissionFor(request: PermissionRequest): Permission {
	const {mode, effect, confinement, approvedCommands, command} = request;
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
			const approved = command !== undefined && approvedCommands.includes(command);
			return {
				kind: !approved && commandsNeedPermission(mode, confinement.confined) ? 'ask' : 'allow',
			};
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

	return command.split(/[;&|\n]/).some(callsDecision)
		? 'Agents cannot decide on requests'
		: undefined;
}

/** Whether a simple command runs our program with a decision, with or without options before it. */
function callsDecision(command: string): boolean {
	const words = command.split(/\s+/).map(word => word.replace(/["'`$()\\]/g, ''));
	const program = words.findIndex(word => word.includes('llm-orchestrator'));
	const isDecision = (word: string): boolean => word === 'approve' || word === 'reject';
	return program !== -1 && words.slice(program + 1).some(isDecision);
}
