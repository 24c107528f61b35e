import {describe, expect, test} from 'vitest';
import {subtask} from '../../../helpers/run-parts.ts';
import {screenOf} from '../../frame.tsx';
import {open, plan, planAsked, toolAsked} from './asked-run.ts';

describe('editing a plan', () => {
	async function edit(edited: string | undefined, past = planAsked) {
		const texts: string[] = [];
		const test = await open(past, {
			actions: {
				async editText(text, extension) {
					texts.push(`${extension}: ${text}`);
					return edited;
				},
			},
		});
		test.keys('e');
		await test.settle();
		return {...test, texts};
	}

	test('gives the plan to the editor, which gets the terminal, and proposes what comes back', async () => {
		const changed = {...plan, summary: 'smaller'};
		const test = await edit(JSON.stringify(changed));
		expect(test.texts).toEqual([`json: ${JSON.stringify(plan, undefined, '\t')}\n`]);
		expect(test.told.done).toEqual(['lend']);
		expect(test.run.sent).toEqual([{type: 'revise-plan', plan: changed}]);
		expect(test.notice()).toContain('next revision');
	});

	test('changes nothing where nothing was changed', async () => {
		const test = await edit(undefined);
		expect(test.run.sent).toEqual([]);
		expect(test.notice()).toBe('The plan is unchanged.');
	});

	test('says what is wrong with it, and edits again from there', async () => {
		const test = await edit('{"subtasks": [\u009B2J\u202E');
		expect(test.run.sent).toEqual([]);
		expect(test.dialog()).toMatchObject({kind: 'confirm', title: 'This plan is not valid'});
		test.keys('e');
		await test.settle();
		expect(test.texts[1]).toBe('json: {"subtasks": [\u009B2J\u202E');
		test.keys('escape');
		expect(test.run.sent).toEqual([]);
	});

	test('keeps its choices in sight, however much is wrong with it', async () => {
		const broken = {
			subtasks: Array.from({length: 30}, (_, index) =>
				subtask(`s${index}`, {dependsOn: ['nobody']}),
			),
		};
		const test = await edit(JSON.stringify(broken));
		for (const [columns, rows] of [
			[100, 30],
			[60, 15],
		] as const) {
			test.resize(columns, rows);
			expect(screenOf(test.app).join('\n')).toContain('edit again');
		}
	});

	test('is not for tools', async () => {
		const test = await edit(undefined, toolAsked);
		expect(test.texts).toEqual([]);
		expect(test.notice()).toContain('Only a plan can be edited.');
	});
});
