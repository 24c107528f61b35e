/*
 * Help, ready-made, so that it can be shown without loading anything. A test holds it against the
 * flags of the commands.
 */

const overview = `llm-orchestrator: lead a team of LLM agents through a task in a directory

Usage: llm-orchestrator                        the home screen: teams, runs, a prompt for a task
       llm-orchestrator <command> [options]

  demo                       a whole run with a scripted model: no key, no network
  init                       make the home directory, look for providers
  create <team>              save a team
  list                       teams
  delete <team>              delete a team; its runs stay
  run <team> <task>          plan the task, work in parallel, check, merge, deliver
  resume <run>               go on with a run that stopped, failed or crashed
  runs                       runs, the latest first
  show <run>                 one run: plan, results, failures
  undo <run>                 take the delivered change back
  approve | reject <run>     decide on what a run asks
  cancel <run> [subtask]     cancel a run or one subtask
  retry <run> <subtask>      try a failed, skipped or cancelled subtask again
  send <run> <agent> TEXT    a message to the lead or a teammate
  interrupt <run> <agent>    end the turn of one agent; it waits for your message
  pause | unpause <run>      start nothing new; go on
  attach <run>               the full-screen view of a run of another process
  watch <run>                what happens in a run, line by line
  replay <run>               the recorded run again, as it happened
  test-provider <type>       try a provider: reach it, one answer, one tool call
  doctor                     what works here, and how to mend what does not
  completion bash|zsh        completion of commands, options, teams and runs

<run> is an id, the beginning of one, or "last".
-h, --help     of a command: llm-orchestrator <command> --help
-V, --version

Example: llm-orchestrator create my-team --provider ollama
         llm-orchestrator run my-team "Make the tests pass" --check "npm test"`;

const runOptions = `  --approve ask|criteria|all      who approves the plan (ask on a terminal, else criteria)
  --permission ask|edits|sandboxed|all
                                  what agents may do without asking (default sandboxed:
                                  edits are free, commands only in a working sandbox)
  --decision-timeout 10m          how long a request waits for a person
                                  (10m where no terminal shows it)
  --check "npm test"              a command that the result must pass; repeatable
  --max-parallel N                subtasks at once
  --max-turns N                   model calls of one attempt (40)
  --max-tokens N                  tokens of the whole run, over resumes
  --budget USD                    US dollars of the whole run, over resumes
  --unpriced allow|block          whether calls without a known price may be made where there is a
                                  --budget (allow)
  --timeout 30m                   active time of the whole run, over resumes
  --ui tui|inline|bar|tmux|iterm2 full-screen (the default on a terminal), lines, one line,
                                  or full-screen with a pane for each teammate
  --json                          print the events as JSON Lines and nothing else
  --include-deltas                with --json: also what agents say while they say it`;

export const helpTexts: Readonly<Record<string, string>> = {
	demo: `Usage: llm-orchestrator demo [options]

Copies a small project whose tests fail into a new directory and lets a team of scripted
agents finish it. Everything but the model is real.

  -d, --dir PATH                  where to copy the project (default: a new temporary directory)
  --fast                          without the pauses that let you follow
${runOptions}

Unless you say otherwise the demo runs with --permission all: what it runs is written down, and
nothing but its own directory is touched. Full-screen the plan waits for your key; elsewhere the
criteria approve it.

Example: llm-orchestrator demo`,
	init: `Usage: llm-orchestrator init

Makes ~/.llm-orchestrator (LLM_ORCHESTRATOR_HOME overrides), looks for keys and local
servers, and says what to do next.

Example: llm-orchestrator init`,
	create: `Usage: llm-orchestrator create <team> [options]

  -p, --provider TYPE             anthropic, openai, ollama, lmstudio, llama-server or demo;
                                  without one the best that is found here is proposed
  -m, --model NAME                default: the provider's, or what the local server has
  -u, --base-url URL              for a server at another address
  -n, --teammates N               how many work at once, 1 to 16 (3)
  --lead TYPE[:MODEL][@URL]       another model for the lead
  --teammate [NAME=]TYPE[:MODEL][@URL]
                                  a teammate; again for each further one
  --fallback TYPE[:MODEL][@URL]   what agents turn to when their provider fails for good; again
                                  for the next one
  --budget USD                    what a run may cost, unless it is told otherwise
  --ui-mode MODE                  how its runs are shown: tui (the default), inline, bar, json,
                                  tmux or iterm2

A team of several models, each named by itself:
  llm-orchestrator create mixed --lead anthropic --teammate ollama:qwen3:8b --teammate openai

Example: llm-orchestrator create my-team --provider anthropic`,
	list: `Usage: llm-orchestrator list [--json]

  --json                          one JSON document

Example: llm-orchestrator list`,
	delete: `Usage: llm-orchestrator delete <team> [--yes]

  -y, --yes                       do not ask

Example: llm-orchestrator delete my-team --yes`,
	run: `Usage: llm-orchestrator run <team> <task> [options]

The task is one argument, so quote it; "-" reads it from standard input.

  -d, --dir PATH                  the directory to work in (default: this one)
  --task-file PATH                read the task from a file
  --plan FILE                     use this plan (JSON, see docs/plans.md) instead of asking the lead
  --plan-only                     stop after planning; resume goes on
  --json-schema                   print the JSON Schema of the events and exit
${runOptions}

Exit codes: 0 done, 1 failed, 2 wrong call, 3 plan rejected, 4 no usable provider, 5 a limit,
6 nobody could decide, 7 held by another process, 8 the store failed, 9 cancelled.

Example: llm-orchestrator run my-team "Make the tests pass" --check "npm test"`,
	resume: `Usage: llm-orchestrator resume <run> [options]

Goes on where the run stopped: nothing that was answered is asked again, nothing that was
done is done twice. What failed is tried again.

  --take-over                     for a run whose machine is gone
  --fast                          for a run of the demo: without its pauses
${runOptions}

Example: llm-orchestrator resume last`,
	runs: `Usage: llm-orchestrator runs [options]

  --team NAME                     only runs of this team
  --json                          one JSON document

Example: llm-orchestrator runs`,
	show: `Usage: llm-orchestrator show <run> [options]

  --events                        also what happened, line by line
  --json                          one JSON document

Example: llm-orchestrator show last`,
	undo: `Usage: llm-orchestrator undo <run>

Takes back what the run wrote into the directory. Later edits of the same files are kept.

Example: llm-orchestrator undo last`,
	approve: `Usage: llm-orchestrator approve <run> [request] [options]

  --always                        also for later requests of exactly the same command
  --feedback TEXT                 a word for the log

Example: llm-orchestrator approve last`,
	reject: `Usage: llm-orchestrator reject <run> [request] [options]

  --always                        also for later requests of exactly the same command
  --feedback TEXT                 what should be different: the lead makes a new plan of it,
                                  an agent does it in another way

Example: llm-orchestrator reject last --feedback "Leave the README alone"`,
	cancel: `Usage: llm-orchestrator cancel <run> [subtask]

Example: llm-orchestrator cancel last docs`,
	send: `Usage: llm-orchestrator send <run> <agent> TEXT

To a teammate (or the subtask it works on): it is told before its next turn. To the lead: it makes
a new revision of the plan. "-" reads the text from standard input.

Example: llm-orchestrator send last teammate-2 "Leave the README alone"`,
	interrupt: `Usage: llm-orchestrator interrupt <run> <agent>

Ends the turn of one agent, and nothing else. It then waits for a message: send.

Example: llm-orchestrator interrupt last teammate-2`,
	pause: `Usage: llm-orchestrator pause <run>

Nothing new starts, no model is called any more; what runs right now comes to its end.

Example: llm-orchestrator pause last`,
	unpause: `Usage: llm-orchestrator unpause <run>

Example: llm-orchestrator unpause last`,
	retry: `Usage: llm-orchestrator retry <run> <subtask>

Tries a failed, skipped or cancelled subtask again, and what was skipped because of it. For a run
that is over: llm-orchestrator resume.

Example: llm-orchestrator retry last docs`,
	attach: `Usage: llm-orchestrator attach <run>

The full-screen view of a run that another process works on, or of one that is over. Leaving it
stops nothing.

Example: llm-orchestrator attach last`,
	watch: `Usage: llm-orchestrator watch <run> [options]

What happens in a run, from its beginning, line by line: for panes and pipes. It only looks.

  --agent NAME                    only what this agent says and does, whole

Example: llm-orchestrator watch last --agent teammate-1`,
	replay: `Usage: llm-orchestrator replay <run> [options]

The recorded run again, as it happened, with pause, speed and jumps by keys. Without a terminal in
lines.

  --speed N                       how many times as fast (1)

Example: llm-orchestrator replay last --speed 8`,
	completion: `Usage: llm-orchestrator completion bash|zsh

Prints a script for your shell.

Example: llm-orchestrator completion bash >> ~/.bashrc`,
	'test-provider': `Usage: llm-orchestrator test-provider <type> [options]

Types: anthropic, openai, ollama, lmstudio, llama-server, demo

  -m, --model NAME
  -u, --base-url URL
  --json                          one JSON document

Example: llm-orchestrator test-provider ollama --model phi3`,
	doctor: `Usage: llm-orchestrator doctor [--json]

  --json                          one JSON document

Example: llm-orchestrator doctor`,
};

/** The help of a command; the overview for everything else. */
export function helpOf(command: string | undefined): string {
	return command !== undefined && Object.hasOwn(helpTexts, command)
		? (helpTexts[command] ?? overview)
		: overview;
}
