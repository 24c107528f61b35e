import {join} from 'node:path';
import type {BenchmarkCase, Figure} from './case.ts';
import {createRandom} from './graph.ts';
import {createNoisyModel} from './noisy-model.ts';
import {steps, workOnTask, type Safeguards} from './noisy-task.ts';
import {spreadOf} from './spread.ts';

const tasks = 200;
const shares = [0, 0.1, 0.3, 0.5];

const all: Safeguards = {
	recovery: true,
	coercion: true,
	feedback: true,
	nudge: true,
	emptyRetry: true,
};

const harnesses: Readonly<Record<string, Safeguards>> = {
	'all on': all,
	'recovery off': {...all, recovery: false},
	'coercion off': {...all, coercion: false},
	'feedback off': {...all, feedback: false},
	'nudge off': {...all, nudge: false},
	'empty retry off': {...all, emptyRetry: false},
	'all off': {
		recovery: false,
		coercion: false,
		feedback: false,
		nudge: false,
		emptyRetry: false,
	},
};

export const benchmark: BenchmarkCase = {
	title: `${tasks} tasks of ${steps.length} calls with a model that garbles a share of its answers`,
	async run(scratch) {
		const figures: Figure[] = [];
		for (const [harness, defences] of Object.entries(harnesses)) {
			for (const share of shares) {
				figures.push(...(await measure(scratch, harness, defences, share)));
			}
		}

		return figures;
	},
};

async function measure(
	scratch: string,
	harness: string,
	defences: Safeguards,
	share: number,
): Promise<readonly Figure[]> {
	const turns: number[] = [];
	for (let task = 0; task < tasks; task++) {
		// The same seeds for every harness, so that their luck is equal as long as they behave the
		// same.
		const random = createRandom(1 + task + shares.indexOf(share) * tasks);
		const model = createNoisyModel({steps, share, random});
		const end = await workOnTask(join(scratch, 'task'), model, defences);
		if (end.kind === 'finished') {
			turns.push(end.turns);
		}
	}

	const name = `${share * 100} % garbled, ${harness}`;
	const hasTarget = defences === all && share === 0.3;
	const failed: Figure = {
		kind: 'measured',
		name: `${name}: not finished`,
		unit: '%',
		measured: spreadOf([(100 * (tasks - turns.length)) / tasks]),
		...(hasTarget ? {target: {of: 'median', atMost: 1}} : {}),
	};
	if (turns.length === 0) {
		return [failed];
	}

	const mean = turns.reduce((sum, count) => sum + count) / turns.length;
	return [
		failed,
		{kind: 'measured', name: `${name}: turns`, unit: 'on average', measured: spreadOf([mean])},
	];
}
