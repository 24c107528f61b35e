import type {RunEventBody} from '../../source/core/run-event.ts';

/** The agent t1 in the first attempt at a. */
export const scope = {agent: 't1', subtask: 'a', attempt: 1};

/** The agent starts. */
export const started = {
	type: 'agent-started',
	...scope,
	provider: 'demo',
	model: 'm',
} satisfies RunEventBody;

/** It begins a call of its model, which reserves 900 tokens. */
export const call = {
	type: 'model-call-started',
	...scope,
	call: 'c1',
	turn: 3,
	request: 'ab',
	reserved: 900,
} satisfies RunEventBody;

/** The call is answered, for 3,217 tokens. */
export const answered = {
	type: 'model-call-finished',
	...scope,
	call: 'c1',
	request: 'ab',
	model: 'm-2026',
	answer: '{}',
	stopReason: 'end',
	usage: {input: 10, cacheRead: 200, cacheWrite: 3_000, output: 7, reasoning: 5, estimated: false},
	durationMs: 1,
} satisfies RunEventBody;
