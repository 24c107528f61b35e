import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {faults} from '../../benchmark/faults.ts';
import {createRandom} from '../../benchmark/graph.ts';
import {createNoisyModel} from '../../benchmark/noisy-model.ts';
import {steps, workOnTask, type Safeguards} from '../../benchmark/noisy-task.ts';
import type {TeammateEnd} from '../../source/agents/agent.ts';
import {temporaryDirectory} from '../helpers/repository.ts';

const all: Safeguards = {
	recovery: true,
	coercion: true,
	feedback: true,
	nudge: true,
	emptyRetry: true,
};

describe('a model that garbles its answers', () => {
	test('works through the task when it garbles none', async () => {
		expect(await workWith({share: 0})).toMatchObject({
			kind: 'finished',
			turns: steps.length,
			outputs: {file: 'src/sum.js'},
		});
	});

	test('meets the same luck with the same seed', async () => {
		const ends = [];
		for (const seed of [5, 5]) {
			ends.push(await workWith({share: 0.5, seed}));
		}

		expect(ends[1]).toEqual(ends[0]);
	});

	test.each(['printed as text', 'printed behind thoughts', 'wrong name', 'wrong types'])(
		'finishes without one extra turn when every answer is garbled: %s',
		async kind => {
			for (let seed = 1; seed <= 20; seed++) {
				const end = await workWith({share: 1, kinds: [kind], seed});
				expect(end).toMatchObject({
					kind: 'finished',
					turns: steps.length,
					summary: 'sum adds.',
					outputs: {file: 'src/sum.js'},
				});
			}
		},
	);

	test.each(Object.keys(faults))(
		'finishes when a third of its answers is garbled: %s',
		async kind => {
			let finished = 0;
			for (let seed = 1; seed <= 40; seed++) {
				const end = await workWith({share: 0.3, kinds: [kind], seed});
				finished += end.kind === 'finished' ? 1 : 0;
			}

			// Three answers in a row that come to nothing end an attempt (0.3³ is 2.7 % a turn), and so do
			// five equal calls that change nothing.
			const mayEnd = [
				'printed between words',
				'prose instead of a call',
				'cut inside a call',
				'the same call again',
			];
			expect(finished).toBeGreaterThanOrEqual(mayEnd.includes(kind) ? 28 : 40);
		},
	);

	test.each<[string, Partial<Safeguards>]>([
		['printed as text', {recovery: false}],
		['wrong name', {coercion: false, feedback: false}],
		['prose instead of a call', {nudge: false}],
		['empty answer', {emptyRetry: false}],
	])('does not finish when every answer is garbled and nothing helps: %s', async (kind, off) => {
		const end = await workWith({share: 1, kinds: [kind], defences: {...all, ...off}});
		expect(end.kind).toBe('failed');
	});

	test('finishes 99 of 100 tasks when it garbles 30 % of its answers in all ways', async () => {
		let finished = 0;
		for (let seed = 1; seed <= 100; seed++) {
			const end = await workWith({share: 0.3, seed});
			finished += end.kind === 'finished' ? 1 : 0;
		}

		expect(finished).toBeGreaterThanOrEqual(99);
	});
});

async function workWith({
	share,
	kinds,
	seed = 1,
	defences = all,
}: {
	readonly share: number;
	readonly kinds?: readonly string[];
	readonly seed?: number;
	readonly defences?: Safeguards;
}): Promise<TeammateEnd> {
	const model = createNoisyModel({steps, share, kinds, random: createRandom(seed)});
	return workOnTask(join(temporaryDirectory('noisy'), 'task'), model, defences);
}
