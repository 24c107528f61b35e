/*
 * Starts a run, approves its plan, and says how it ended; exits like the run. Needs only Node and the
 * program.
 *
 *     node examples/follow.mjs TEAM TASK [OPTION…]
 *
 * Uses only what docs/events.schema.json says of the lines of `run --json`.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';

const [team, task, ...options] = process.argv.slice(2);
if (task === undefined) {
	console.error('usage: follow.mjs TEAM TASK [OPTION of llm-orchestrator run…]');
	process.exit(2);
}

function approve({run, approval, subject}) {
	if (subject.kind === 'plan') {
		spawn('llm-orchestrator', ['approve', run, approval], {stdio: ['ignore', 2, 2]});
	} else {
		console.error(`waits: llm-orchestrator approve ${run} ${approval}`);
	}
}

function printReport({outcome, reason, delivered, cost, hint, next, exitCode}) {
	console.log(`outcome: ${outcome}: ${reason}`);
	console.log(`files: ${(delivered?.files ?? []).join(', ')}`);
	console.log(`cost: ${cost.usd ?? 'unknown'} US dollars`);
	if (next !== undefined) {
		console.log(`next: ${[hint, next].filter(Boolean).join('; then: ')}`);
	}

	console.log(`exit code: ${exitCode}`);
}

// What went wrong before a run, in a line of type `error`, is on standard error too.
const words = ['run', team, task, ...options, '--json', '--approve', 'ask'];
const program = spawn('llm-orchestrator', words, {stdio: ['ignore', 'pipe', 'inherit']});
program.on('error', error => {
	console.error(`cannot start llm-orchestrator: ${error.message}`);
	console.error('→ install it, or run npm link in a checkout');
	process.exit(2);
});
const ended = once(program, 'close');
for await (const line of createInterface({input: program.stdout})) {
	const event = JSON.parse(line);
	switch (event.type) {
		case 'approval-requested':
			approve(event);
			break;
		case 'run-finished':
		case 'run-stopped':
			printReport(event.report);
			break;
	}
}

// A program that was killed has no exit code.
const [code] = await ended;
process.exitCode = code ?? 1;
