import {FailureError} from '../../source/core/failure.ts';
import {describe, expect, test} from 'vitest';
import type {ModelRequest, PlanningBrief, PlanningSession} from '../../source/agents/agent.ts';
import {planWithModel} from '../../source/agents/lead.ts';
import type {PlanProblem} from '../../source/core/plan-problems.ts';
import type {Plan} from '../../source/core/plan.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';
import {answer} from './scripted-session.ts';

const brief: PlanningBrief = {
	task: 'Fix the project',
	teammates: 3,
	overview: 'src/parse.js\nsrc/format.js',
	projectInstructions: 'Use tabs.',
	checks: ['npm test'],
	previous: undefined,
	feedback: [],
	progress: [],
};
const plan = {subtasks: [subtask('parse'), subtask('format', {dependsOn: ['parse']})]};
const json = JSON.stringify(plan, undefined, 2);
const cyclic = JSON.stringify({
	subtasks: [
		subtask('a', {dependsOn: ['b', 'nowhere']}),
		subtask('b', {dependsOn: ['a']}),
		{id: 'c', title: 'C'},
	],
});

describe('a lead', () => {
	test.each([
		['at once', json],
		['in a code fence', `\`\`\`json\n${json}\n\`\`\``],
		['in prose', `Here is my plan.\n\n\`\`\`\n${json}\n\`\`\`\n\nShall I go on?`],
		['between words', `Sure! ${JSON.stringify(plan)} Good luck.`],
	])('gives a valid plan %s', async (_, text) => {
		const {planned, requests, refused} = await planWith([text]);
		expect(planned).toEqual({plan: planOf(plan), origin: 'lead'});
		expect(requests).toHaveLength(1);
		expect(refused).toEqual([]);
	});

	test('is asked with everything it needs to know, as one JSON document', async () => {
		const {requests} = await planWith([json]);
		const [first] = requests[0]?.messages ?? [];
		for (const text of [
			'Fix the project',
			'3 teammates',
			'src/parse.js',
			'Use tabs.',
			'npm test',
		]) {
			expect(first).toMatchObject({text: expect.stringContaining(text)});
		}

		expect(requests[0]?.output?.name).toBe('plan');
		expect(requests[0]?.tools).toBeUndefined();
	});

	test('is told every problem of a plan, and may correct it twice', async () => {
		const {planned, requests, refused} = await planWith(['I would rather talk.', cyclic, json]);
		expect(planned.origin).toBe('lead');
		expect(refused.map(([attempt]) => attempt)).toEqual([1, 2]);
		expect(lastText(requests[1])).toContain('the answer holds no JSON document');
		const second = lastText(requests[2]);
		for (const {path, message} of refused[1]?.[1] ?? []) {
			expect(second).toContain(`${path}: ${message}`);
		}

		for (const part of ['"nowhere" is not a subtask', 'a → b → a', 'subtasks[2].instructions']) {
			expect(second).toContain(part);
		}
	});

	test('who gives no valid plan three times leaves one subtask with the whole task and its checks', async () => {
		const {planned, requests, refused} = await planWith([cyclic, '{}', '']);
		expect(requests).toHaveLength(3);
		expect(refused).toHaveLength(3);
		expect(planned.origin).toBe('fallback');
		expect(planned.plan.subtasks).toEqual([
			expect.objectContaining({
				instructions: 'Fix the project',
				checks: [{name: 'npm test', command: 'npm test'}],
				dependsOn: [],
			}),
		]);
	});

	test('is sent each further request with exactly the bytes of the one before at its beginning', async () => {
		const {requests, sent} = await planWith([cyclic, 'no', json]);
		const bytes = (messages: readonly unknown[]) => JSON.stringify(messages).slice(0, -1);
		for (const [index, request] of requests.entries()) {
			expect(JSON.stringify(request)).toBe(sent[index]);
			const before = requests[index - 1];
			if (!before) {
				continue;
			}
			expect(bytes(request.messages).startsWith(bytes(before.messages))).toBe(true);
			expect(request.messages.length).toBe(before.messages.length + 2);
			const constant = {messages: [], forSmallModel: undefined};
			expect({...request, ...constant}).toEqual({...before, ...constant});
			const [small, smallBefore] = [request, before].map(({forSmallModel}) => forSmallModel);
			expect(bytes(small?.messages ?? []).startsWith(bytes(smallBefore?.messages ?? []))).toBe(
				true,
			);
			expect({...small, messages: []}).toEqual({...smallBefore, messages: []});
		}

		const again = await planWith([cyclic, 'no', json]);
		expect(again.sent).toEqual(sent);
	});

	test('is shown its plan before and why it was sent back', async () => {
		const {requests} = await planWith([json], {
			...brief,
			previous: planOf(plan),
			feedback: ['smaller steps', 'no network'],
		});
		const text = lastText(requests[0]);
		expect(text).toContain('"id": "parse"');
		expect(text).toContain('- smaller steps\n- no network');
	});
	test('is shown what has become of its subtasks, and by which rules it plans anew', async () => {
		const {requests} = await planWith([json], {
			...brief,
			previous: planOf(plan),
			feedback: ['smaller steps'],
			progress: [
				{id: 'parse', status: 'failed', summary: 'checks are red'},
				{id: 'format', status: 'pending', summary: ''},
			],
		});
		const text = lastText(requests[0]);
		expect(text).toContain('- parse: failed. checks are red\n- format: pending');
		expect(text).toContain('# Rules for the new plan');
		const {requests: early} = await planWith([json], {...brief, feedback: ['be quick']});
		expect(lastText(early[0])).toContain('# What the person says\n\n- be quick');
		expect(lastText(early[0])).not.toContain('# Rules');
	});

	test('is told what forbids a valid plan to be the next revision', async () => {
		const check = ({subtasks}: Plan) =>
			subtasks.length > 1 ? [] : [{path: 'subtasks', message: '"parse" has to stay'}];
		const short = JSON.stringify({subtasks: [subtask('format')]});
		const {planned, requests, refused} = await planWith([short, json], brief, check);
		expect(planned).toEqual({plan: planOf(plan), origin: 'lead'});
		expect(refused).toEqual([[1, [{path: 'subtasks', message: '"parse" has to stay'}]]]);
		expect(lastText(requests[1])).toContain('subtasks: "parse" has to stay');
	});

	test('who gives no valid revision while work is done leaves the plan as it is', async () => {
		const about = {
			...brief,
			previous: planOf(plan),
			progress: [{id: 'parse', status: 'completed', summary: ''}],
		};
		const {planned} = await planWith(['', '', ''], about);
		expect(planned).toEqual({plan: planOf(plan), origin: 'fallback'});
	});

	test('keeps what it cannot say of a subtask that it gives back unchanged', async () => {
		const rich = planOf({
			subtasks: [
				subtask('parse', {
					maxAttempts: 1,
					outputs: ['format'],
					checks: [{name: 'tests', command: 'npm test'}],
				}),
				subtask('format', {
					dependsOn: [{subtask: 'parse', when: {output: 'format', equals: 'json'}}],
				}),
			],
		});
		const said = (title: string) =>
			JSON.stringify({
				subtasks: [
					subtask('parse', {outputs: ['format'], checks: ['npm test']}),
					subtask('format', {title, dependsOn: ['parse']}),
				],
			});
		const about = {...brief, previous: rich};
		expect((await planWith([said('format')], about)).planned.plan).toEqual(rich);
		const changed = (await planWith([said('write')], about)).planned.plan;
		expect(changed.subtasks[0]).toEqual(rich.subtasks[0]);
		expect(changed.subtasks[1]).toMatchObject({
			title: 'write',
			dependsOn: [{subtask: 'parse', when: 'success'}],
		});
	});

	test('is asked with less when all of it is too much for its model, and the log is told', async () => {
		const long = new FailureError('context-overflow', 'too long');
		const overview = Array.from({length: 400}, (_, index) => `src/${index}.ts`).join('\n');
		const about = {...brief, overview, projectInstructions: 'Use tabs. '.repeat(1_000)};
		const {planned, sent, shortenings} = await planWith(
			[long, long, JSON.stringify({subtasks: [subtask('parse')]})],
			about,
		);
		expect(planned.origin).toBe('lead');
		expect(shortenings).toEqual([
			[1, 'too long'],
			[2, 'too long'],
		]);
		expect(sent[1]).toContain('… and 320 more are not listed');
		expect(sent[2]).toContain('… and 380 more are not listed');
		expect(sent[2]).not.toContain('Use tabs');
		expect(sent.map(({length}) => length)).toEqual(
			sent.map(({length}) => length).toSorted((a, b) => b - a),
		);
		await expect(planWith([long], about)).rejects.toBe(long);
	});

	test('is told of an answer that was empty or cut, as of any that is no plan', async () => {
		const empty = new FailureError('empty-answer', 'it gave an empty answer');
		const {planned, refused} = await planWith([
			empty,
			JSON.stringify({subtasks: [subtask('parse')]}),
		]);
		expect(planned.origin).toBe('lead');
		expect(refused).toMatchObject([[1, [{message: 'it gave an empty answer'}]]]);
	});
});

async function planWith(
	answers: readonly (string | Error)[],
	about: PlanningBrief = brief,
	check: PlanningSession['check'] = () => [],
) {
	const requests: ModelRequest[] = [];
	const sent: string[] = [];
	const refused: [number, readonly PlanProblem[]][] = [];
	const shortenings: [number, string][] = [];
	const planned = await planWithModel(about, {
		async call(request) {
			requests.push(request);
			sent.push(JSON.stringify(request));
			const next =
				answers[sent.length - 1] ?? answers.findLast(last => last instanceof Error) ?? '';
			if (next instanceof Error) {
				throw next;
			}
			return answer(next);
		},
		check,
		reportShortened: (level, reason) => shortenings.push([level, reason]),
		reportRefused: (attempt, problems) => refused.push([attempt, problems]),
	});
	return {planned, requests, sent, refused, shortenings};
}

function lastText(request: ModelRequest | undefined): string {
	const message = request?.messages.at(-1);
	return message?.role === 'user' ? message.text : '';
}
