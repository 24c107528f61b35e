// Static help, so that it can be shown without loading anything. A test compares it with the commands' flags.

const overview = `llm-orchestrator: lead a team of LLM agents through a task in a directory

Usage: llm-orchestrator                        home screen: teams, runs, task prompt
       llm-orchestrator <command> [options]

  demo                       a complete run with a scripted model: no API key, no network
  init                       create the home directory and look for providers
  create <team>              save a team
  list                       list teams
  delete <team>              delete a team; its runs are kept
  run <team> <task>          plan a task, work on it in parallel, check, merge, deliver
  resume <run>               continue a run that stopped, failed or crashed
  runs                       list runs, latest first
  show <run>                 show a run: plan, results, failures
  undo <run>                 undo the delivered change
  approve | reject <run>     decide on a request
  cancel <run> [subtask]     cancel a run or one subtask
  retry <run> <subtask>      try a failed, skipped or cancelled subtask again
  send <run> <agent> TEXT    send a message to the lead or a teammate
  interrupt <run> <agent>    interrupt an agent; it waits for your message
  pause | unpause <run>      pause or unpause a run
  attach <run>               full-screen view of a run in another process
  watch <run>                follow a run line by line
  replay <run>               replay a recorded run
  test-provider <type>       test a provider: connection, answer, tool call
  doctor                     check the setup and suggest fixes
  completion bash|zsh        shell completion for commands, options, teams and runs

<run> is an id, a unique prefix of one, or "last".
-h, --help     llm-orchestrator <command> --help shows the options of a command
-V, --version

Example: llm-orchestrator create my-team --provider ollama
         llm-orchestrator run my-team "Make the tests pass" --check "npm test"`;

const runOptions = `  --approve ask|criteria|all      who approves the plan (default: ask on a terminal,
                                  otherwise criteria)
  --permission ask|edits|sandboxed|all
                                  what agents may do without approval (default: sandboxed:
                                  edits always, commands only in a working sandbox)
  --decision-timeout 10m          how long a request waits for a decision (default: 10m
                                  without a terminal)
  --check "npm test"              a command that must pass on the result; repeatable
  --max-parallel N                subtasks in parallel
  --max-turns N                   model calls per attempt (default: 40)
  --max-tokens N                  token limit for the run, including resumes
  --budget USD                    cost limit for the run in US dollars, including resumes
  --unpriced allow|block          whether to allow calls without a known price under
                                  --budget (default: allow)
  --unverified allow|block        whether the criteria approve a plan without any check
                                  (default: block)
  --timeout 30m                   limit on active time of the run, including resumes
  --ui tui|inline|bar|tmux|iterm2 full-screen (default on a terminal), lines, a progress
                                  bar, or full-screen with a pane for each teammate
  --json                          print only the events, as JSON Lines
  --include-deltas                with --json: also stream what agents say
  --full                          with --json: print texts over 8 KiB whole, not as {"blob": …}`;

export const helpTexts: Readonly<Record<string, string>> = {
	demo: `Usage: llm-orchestrator demo [options]

Copies a small project with failing tests into a new directory and has a team of scripted
agents finish it. Everything but the model is real.

  -d, --dir PATH                  where to copy the project (default: a new temporary
                                  directory)
  --fast                          without the pauses that make it easy to follow
${runOptions}

By default the demo runs with --permission all: its commands are scripted and touch only its own
directory. Full-screen, you approve the plan; otherwise the criteria do.

Example: llm-orchestrator demo`,
	init: `Usage: llm-orchestrator init

Creates ~/.llm-orchestrator (override: LLM_ORCHESTRATOR_HOME), looks for API keys and local
servers, and suggests the next step.

Example: llm-orchestrator init`,
	create: `Usage: llm-orchestrator create <team> [options]

  -p, --provider TYPE[:MODEL]     anthropic, openai, ollama, lmstudio, llama-server, demo, or
                                  a service: openrouter, groq, mistral, deepseek, gemini,
                                  xai, together, azure, vllm, litellm, or one in
                                  config.json;
                                  default: the best one found, after asking
  -m, --model NAME                default: the provider's, or a model of the local server
  -u, --base-url URL              server address, if not the default
  --header "Name: value"          sent with every request; repeatable. Write keys as $NAME
  --query name=value              added to every address; repeatable
  --key-variable NAME             environment variable of the key (at an address that is
                                  not the vendor's: LLM_ORCHESTRATOR_API_KEY)
  -n, --teammates N               number of teammates, 1 to 16 (default: 3)
  --lead TYPE[:MODEL][@URL]       a different model for the lead
  --teammate [NAME=]TYPE[:MODEL][@URL]
                                  a teammate; repeatable
  --fallback TYPE[:MODEL][@URL]   provider to switch to when one fails for good; repeatable,
                                  tried in order
  --budget USD                    default cost limit of its runs
  --ui-mode MODE                  default view of its runs: tui, inline, bar, json, tmux or
                                  iterm2 (default: tui)

A team of several models:
  llm-orchestrator create mixed --lead anthropic --teammate ollama:qwen3:8b --teammate openai

Example: llm-orchestrator create my-team --provider anthropic`,
	list: `Usage: llm-orchestrator list [--json]

  --json                          print one JSON document

Example: llm-orchestrator list`,
	delete: `Usage: llm-orchestrator delete <team> [--yes]

  -y, --yes                       do not ask for confirmation

Example: llm-orchestrator delete my-team --yes`,
	run: `Usage: llm-orchestrator run <team> <task> [options]

The task is one argument, so quote it; "-" reads standard input.

  -d, --dir PATH                  directory to work in (default: the current one)
  --task-file PATH                read the task from a file
  --plan FILE                     use this plan (JSON, see docs/plans.md) instead of asking the lead
  --plan-only                     stop after planning; resume continues
  --json-schema                   print the JSON Schema of the events and exit
${runOptions}

Exit codes: 0 completed, 1 failed, 2 usage error, 3 plan rejected, 4 no usable provider, 5 limit
reached, 6 no one could decide, 7 held by another process, 8 storage failed, 9 cancelled, 10
completed, but left on a branch or in a patch, 130 interrupted, 143 terminated.

Example: llm-orchestrator run my-team "Make the tests pass" --check "npm test"`,
	resume: `Usage: llm-orchestrator resume <run> [options]

Continues where the run stopped: answered model calls and finished work are not repeated. Failed
subtasks are retried.

  --take-over                     for a run whose machine no longer exists
  --fast                          for a demo run: without its pauses
${runOptions}

Example: llm-orchestrator resume last`,
	runs: `Usage: llm-orchestrator runs [options]

  --team NAME                     only runs of this team
  --json                          print one JSON document: outcome, exit code, cost, requests that
                                  wait, and more of each run
  --json-schema                   print the JSON Schema of that document and exit

Example: llm-orchestrator runs`,
	show: `Usage: llm-orchestrator show <run> [options]

  --events                        also list the events
  --diff                          print only the merged change, as a unified diff
  --blob HASH                     print only a text that events refer to by its hash
  --json                          print one JSON document; with --events: the events, as JSON
                                  Lines like those of run --json
  --full                          with --events --json: print texts over 8 KiB whole, not as
                                  {"blob": …}
  --json-schema                   print the JSON Schema of the document and exit

Example: llm-orchestrator show last`,
	undo: `Usage: llm-orchestrator undo <run>

Undoes what the run wrote to the directory. Files you changed since are kept.

Example: llm-orchestrator undo last`,
	approve: `Usage: llm-orchestrator approve <run> [request] [options]

  --always                        also for later requests to run exactly this command
  --feedback TEXT                 a comment for the log

Example: llm-orchestrator approve last`,
	reject: `Usage: llm-orchestrator reject <run> [request] [options]

  --always                        also for later requests to run exactly this command
  --feedback TEXT                 what should be different: the lead revises the plan, or
                                  the agent tries another way

Example: llm-orchestrator reject last --feedback "Leave the README alone"`,
	cancel: `Usage: llm-orchestrator cancel <run> [subtask]

Example: llm-orchestrator cancel last docs`,
	send: `Usage: llm-orchestrator send <run> <agent> TEXT

A teammate (or the one working on a subtask) reads the message before its next turn. The lead
revises the plan. "-" reads the text from standard input.

Example: llm-orchestrator send last teammate-2 "Leave the README alone"`,
	interrupt: `Usage: llm-orchestrator interrupt <run> <agent>

Interrupts the current turn of one agent. It then waits for a message: send.

Example: llm-orchestrator interrupt last teammate-2`,
	pause: `Usage: llm-orchestrator pause <run>

Nothing new starts and no model is called; what is already running finishes.

Example: llm-orchestrator pause last`,
	unpause: `Usage: llm-orchestrator unpause <run>

Example: llm-orchestrator unpause last`,
	retry: `Usage: llm-orchestrator retry <run> <subtask>

Retries a failed, skipped or cancelled subtask, and the subtasks skipped because of it. For a run
that has ended, use llm-orchestrator resume.

Example: llm-orchestrator retry last docs`,
	attach: `Usage: llm-orchestrator attach <run>

The full-screen view of a run in another process, or of one that has ended. Closing the view does
not stop the run.

Example: llm-orchestrator attach last`,
	watch: `Usage: llm-orchestrator watch <run> [options]

Follows a run line by line, from the beginning, for panes and pipes. Read-only.

  --agent NAME                    only this agent, with everything it says and does
  --json                          print only the events, as JSON Lines
  --include-deltas                with --json: also stream what agents say
  --full                          with --json: print texts over 8 KiB whole, not as {"blob": …}

Exits like the run; 7 if no process is running it.

Example: llm-orchestrator watch last --agent teammate-1`,
	replay: `Usage: llm-orchestrator replay <run> [options]

Replays a recorded run, with keys to pause, change speed and jump. Without a terminal, prints lines.

  --speed N                       speed factor (default: 1)

Example: llm-orchestrator replay last --speed 8`,
	completion: `Usage: llm-orchestrator completion bash|zsh

Prints a completion script for your shell.

Example: llm-orchestrator completion bash >> ~/.bashrc`,
	'test-provider': `Usage: llm-orchestrator test-provider <type> [options]

Types: anthropic, openai, ollama, lmstudio, llama-server, demo; services: openrouter, groq, mistral,
deepseek, gemini, xai, together, azure, vllm, litellm, and those in config.json. With a model:
groq:MODEL.

  -m, --model NAME
  -u, --base-url URL
  --header "Name: value"          sent with every request; repeatable. Write keys as $NAME
  --query name=value              added to every address; repeatable
  --key-variable NAME             environment variable of the key (at an address that is
                                  not the vendor's: LLM_ORCHESTRATOR_API_KEY)
  --json                          print one JSON document

Example: llm-orchestrator test-provider ollama --model phi3`,
	doctor: `Usage: llm-orchestrator doctor [--json]

  --json                          print one JSON document

Example: llm-orchestrator doctor`,
};

/** The help of a command, or the overview if there is no such command. */
export function helpOf(command: string | undefined): string {
	return command !== undefined && Object.hasOwn(helpTexts, command)
		? (helpTexts[command] ?? overview)
		: overview;
}
