import {UsageError} from '../core/usage-error.ts';
import {providerNames} from '../config/named-providers.ts';
import type {Command} from './argv/command.ts';
import {flagName} from './argv/flags.ts';

/**
 * @param names of all commands
 * @param load loads a command by name
 */
export function createCompletionCommand(
	names: readonly string[],
	load: (name: string) => Promise<Command | undefined>,
): Command {
	return {
		name: 'completion',
		flags: {},
		words: {min: 1, max: 1},
		async run({words: [shell]}, io) {
			if (shell !== 'bash' && shell !== 'zsh') {
				throw new UsageError('completion supports bash and zsh', completionHint);
			}

			const script = bashScript(
				await Promise.all(names.map(async name => ({name, command: await load(name)}))),
			);
			io.print(shell === 'bash' ? script : zshScript(script));
			return 0;
		},
	};
}

const completionHint = 'example: llm-orchestrator completion bash >> ~/.bashrc';

/** Commands whose first argument is a run, and those whose first argument is a team. */
const takesRun =
	/^(?:resume|show|undo|approve|reject|cancel|send|interrupt|pause|unpause|retry|attach|watch|replay)$/;
const takesTeam = /^(?:run|delete)$/;

/*
 * Commands and flags are part of the script; teams and runs are read from the home directory on demand,
 * without starting the program, because completion must be fast.
 */
function bashScript(
	commands: readonly {readonly name: string; readonly command: Command | undefined}[],
): string {
	const commandNames = commands.map(({name}) => name);
	const cases = commands.map(({name, command}) => {
		const flags = Object.keys(command?.flags ?? {}).map(flagName);
		return `\t\t${name}) flags="${[...flags, '--help'].join(' ')}" ;;`;
	});
	const named = (pattern: RegExp) => commandNames.filter(name => pattern.test(name)).join('|');
	return `_llm_orchestrator() {
	local word="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" flags="" words=""
	local home="\${LLM_ORCHESTRATOR_HOME:-$HOME/.llm-orchestrator}"
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "${commandNames.join(' ')} help --help --version" -- "$word"))
		return
	fi
	case "$command" in
${cases.join('\n')}
	esac
	case "\${COMP_WORDS[COMP_CWORD-1]}" in
		--ui) words="tui inline bar tmux" ;;
		--approve) words="ask criteria all" ;;
		--permission) words="ask edits sandboxed all" ;;
		--provider|-p) words="${providerNames().join(' ')}" ;;
		--dir|-d|--task-file|--plan) COMPREPLY=($(compgen -f -- "$word")); return ;;
	esac
	if [ -n "$words" ]; then
		COMPREPLY=($(compgen -W "$words" -- "$word"))
		return
	fi
	case "$word" in
		-*) COMPREPLY=($(compgen -W "$flags" -- "$word")); return ;;
	esac
	if [ "$COMP_CWORD" -eq 2 ]; then
		case "$command" in
			${named(takesTeam)}) words="$(command ls "$home/teams" 2>/dev/null)" ;;
			${named(takesRun)}) words="last $(command ls -r "$home/runs" 2>/dev/null | head -50)" ;;
			test-provider) words="${providerNames().join(' ')}" ;;
			completion) words="bash zsh" ;;
			help) words="${commandNames.join(' ')}" ;;
		esac
		COMPREPLY=($(compgen -W "$words" -- "$word"))
	fi
}
complete -F _llm_orchestrator llm-orchestrator`;
}

/** zsh can run bash completions. */
function zshScript(bash: string): string {
	return `autoload -Uz bashcompinit && bashcompinit\n${bash}`;
}
