import * as fc from 'fast-check';
import {createFrontier, type FrontierUpdate} from '../../source/core/frontier.ts';
import {planHash, type Plan} from '../../source/core/plan.ts';
import type {RunEvent, RunEventBody} from '../../source/core/run-event.ts';
import {defaultRunSettings} from '../../source/core/settings.ts';
import {everyEvent, placed, sampleReport} from './every-event.ts';
import {choices, randomEnding, randomPlan} from './random-plan.ts';

/** Logs as runs write them: planning, decisions, attempts, checks, merges, messages, crashes. */
export const simulatedLog: fc.Arbitrary<readonly RunEvent[]> = fc
	.tuple(
		randomPlan(6),
		choices(200),
		fc.array(randomEnding, {minLength: 6, maxLength: 6}),
		fc.array(fc.nat(60), {maxLength: 3}),
	)
	.map(([plan, numbers, endings, crashes]) => {
		let made = 0;
		const choose = (count: number) => (numbers[made++ % numbers.length] ?? 0) % count;
		const bodies = eventsOf(plan, choose, id => endings[Number(id.slice(1)) % endings.length]);
		for (const place of crashes.filter(place => place > 1 && place < bodies.length)) {
			bodies.splice(place, 0, {
				type: 'run-resumed',
				settings: {...defaultRunSettings, maxParallel: 1 + place},
				program: '2',
			});
		}

		return bodies.map((body, index) => placed(body, index + 1));
	});

/** Any events in any order, as only a damaged or strange log has them. */
export const anyLog: fc.Arbitrary<readonly RunEvent[]> = fc
	.array(fc.constantFrom(...everyEvent), {maxLength: 60})
	.map(events =>
		events.map(({v: _v, seq: _s, time: _t, ...body}, index) => ({...body, ...place(index)})),
	);

function place(index: number): {v: 1; seq: number; time: string} {
	const {seq, time} = placed({type: 'run-unpaused'}, index + 1);
	return {v: 1, seq, time};
}

function eventsOf(
	plan: Plan,
	choose: (count: number) => number,
	endingOf: (id: string) => {readonly status: string; readonly outputs?: unknown} | undefined,
): RunEventBody[] {
	const [started] = everyEvent;
	const hash = planHash(plan);
	const events: RunEventBody[] = [
		...(started?.type === 'run-started' ? [started] : []),
		{type: 'workspace-prepared', kind: 'git', base: 'b0', files: 1, overview: 'a'},
		{type: 'planning-started', revision: 1},
		...call('lead', 1),
		{type: 'plan-proposed', revision: 1, hash, plan: JSON.stringify(plan), origin: 'lead'},
		{type: 'plan-judged', revision: 1, hash, verdicts: []},
		{type: 'approval-requested', approval: 'p1', subject: {kind: 'plan', revision: 1, hash}},
		{
			type: 'approval-decided',
			approval: 'p1',
			decision: 'approve',
			scope: 'once',
			origin: 'person',
			inbox: 'p',
		},
	];
	const frontier = createFrontier(plan);
	const running: string[] = [];
	const take = ({ready, skipped}: FrontierUpdate) => {
		running.push(...ready);
		if (ready.length > 0) {
			events.push({type: 'subtasks-ready', subtasks: [...ready]});
		}
		for (const {subtask, reason} of skipped) {
			events.push({type: 'subtask-skipped', subtask, reason});
		}
	};

	take(frontier.start());
	while (running.length > 0) {
		const [id = ''] = running.splice(choose(running.length), 1);
		const ending = endingOf(id);
		const attempt = {subtask: id, attempt: 1};
		const scope = {agent: `teammate-${1 + choose(3)}`, ...attempt};
		events.push(
			{type: 'subtask-started', ...scope, base: 'b0'},
			{type: 'agent-started', ...scope, provider: 'demo', model: 'm'},
			...call(scope.agent, choose(1_000), attempt),
		);
		if (choose(2) === 0) {
			events.push(...everyEvent.filter(({type}) => type.startsWith('message-')));
		}
		const checked = {...attempt, place: 'workspace' as const, check: 'test'};
		if (ending?.status === 'completed') {
			const change = {commit: `c-${id}`, base: 'b0', files: []};
			events.push(
				{type: 'check-started', ...checked, command: 'npm test'},
				{
					type: 'check-finished',
					...checked,
					passed: true,
					exitCode: 0,
					durationMs: 5,
					output: 'ok',
				},
				{type: 'verification-finished', ...attempt, round: 1, passed: true, report: ''},
				{type: 'attempt-finished', ...scope, change, summary: 'done', outputs: {answer: 42}},
				{type: 'merge-started', ...attempt, from: 'b0', to: `m-${id}`},
				{type: 'merge-finished', ...attempt, head: `m-${id}`},
				{type: 'subtask-completed', ...attempt, summary: 'done', outputs: {answer: 42}},
			);
			take(frontier.settle(id, {status: 'completed', outputs: {answer: 42}}));
		} else if (ending?.status === 'failed') {
			const failure = {kind: 'check-failed' as const, message: 'red'};
			events.push(
				{type: 'attempt-failed', ...scope, failure, strategy: 'give-up', evidence: 'diff'},
				{type: 'subtask-failed', subtask: id, failure},
			);
			take(frontier.settle(id, {status: 'failed'}));
		} else {
			events.push({type: 'subtask-cancelled', subtask: id, reason: 'by you', inbox: `c-${id}`});
			take(frontier.settle(id, {status: 'cancelled'}));
		}
	}

	return [...events, {type: 'run-finished', report: {...sampleReport, outcome: 'failed'}}];
}

function call(
	agent: string,
	number: number,
	attempt: {subtask?: string; attempt?: number} = {},
): RunEventBody[] {
	const scope = {agent, ...attempt, call: `${agent}-${number}`};
	return [
		{type: 'model-call-started', ...scope, turn: 1, request: 'ab', reserved: 1_000 + number},
		{type: 'agent-waiting', agent, for: 'slot'},
		{type: 'agent-resumed', agent},
		{
			type: 'model-call-finished',
			...scope,
			request: 'ab',
			model: 'm',
			answer: '{}',
			stopReason: 'end',
			usage: {
				input: number,
				cacheRead: null,
				cacheWrite: 1,
				output: 2,
				reasoning: null,
				estimated: false,
			},
			durationMs: 1,
		},
	];
}
