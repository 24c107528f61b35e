/** Set for agents' commands; our own program refuses decisions if it is set. */
export const agentMark = 'LLM_ORCHESTRATOR_AGENT';

/** Holds the id of one command, to find processes that left the command's process group. */
const commandCookie = 'LLM_ORCHESTRATOR_COMMAND';

/** The environment of a command: what programs need to work, without leaking secrets. */
export function commandEnvironment(
	parent: NodeJS.ProcessEnv,
	given: Readonly<Record<string, string>>,
	cookie: string,
): Record<string, string> {
	const passed = Object.entries(parent).flatMap(([name, value]) =>
		value !== undefined && (passedVariables.has(name) || name.startsWith('LC_'))
			? [[name, value]]
			: [],
	);
	return {...Object.fromEntries(passed), ...given, [agentMark]: '1', [commandCookie]: cookie};
}

const passedVariables = new Set([
	'PATH',
	'HOME',
	'LANG',
	'TERM',
	'TMPDIR',
	'USER',
	'SHELL',
	'TZ',
	'CI',
]);
