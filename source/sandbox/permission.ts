import type {Confinement} from './sandbox.ts';

export type PermissionMode = 'ask' | 'edits' | 'sandboxed' | 'all';

export type PermissionQuestion = {
	readonly mode: PermissionMode;
	/** What the tool does to the world. */
	readonly effect: 'read' | 'write' | 'command' | 'message' | 'finish';
	readonly confinement: Confinement;
	/** Checks of the plan that was approved; exactly these commands are free. */
	readonly approvedCommands: readonly string[];
	/** The whole command line of a command. */
	readonly command?: string | undefined;
};

export type Permission =
	| {readonly kind: 'allow'}
	| {readonly kind: 'ask'}
	| {readonly kind: 'deny'; readonly reason: string};

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
	return denials.find(({pattern}) => pattern.test(command))?.reason;
}

const denials = [
	{
		pattern: /\.llm-orchestrator\b|LLM_ORCHESTRATOR_HOME/,
		reason: 'The home of llm-orchestrator is closed to agents',
	},
	{
		pattern: /LLM_ORCHESTRATOR_AGENT/,
		reason: 'The mark of an agent’s command cannot be changed',
	},
	{
		pattern: /llm-orchestrator\S*\s+(?:\S+\s+)*?['"]?(?:approve|reject)\b/,
		reason: 'Agents cannot decide on requests',
	},
] as const;
