/** Commands of agents carry it; our own program refuses decisions where it is set. */
export const agentMark = 'LLM_ORCHESTRATOR_AGENT';

/** Holds an id of one command: found again in processes that left the command's process group. */
const commandCookie = 'LLM_ORCHESTRATOR_COMMAND';

/** What a command sees of our environment: what programs need to work, and no secret by accident. */
export function commandEnvironment(
	parent: NodeJS.ProcessEnv,
	given: Readonly<Record<string, string>>,
	cookie: string,
): Record<string, string> {
	const passed = Object.entries(parent).flatMap(([name, value]) =>
		value !== undefined && (passedOn.has(name) || name.startsWith('LC_')) ? [[name, value]] : [],
	);
	return {...Object.fromEntries(passed), ...given, [agentMark]: '1', [commandCookie]: cookie};
}

const passedOn = new Set(['PATH', 'HOME', 'LANG', 'TERM', 'TMPDIR', 'USER', 'SHELL', 'TZ', 'CI']);
