import {describe, expect, it} from 'vitest';
import {planOf, subtask} from '../../../helpers/run-parts.ts';
import {
	asked,
	begun,
	decided,
	literalReplay,
	literalRun,
	planning,
	proposed,
	type LiteralRunOptions,
} from '../../../helpers/ui-run.ts';
import {screenOf} from '../../frame.tsx';
import {openRunApp, type TestApp, type TestAppOptions} from '../../open-test-app.ts';

const plan = planOf({subtasks: [subtask('api'), subtask('docs', {dependsOn: ['api']})]});
const planAsked = [...planning(), ...proposed(plan)];
const toolAsked = [...planAsked, decided('p1'), ...begun('api', 'alice'), asked('t1')];

async function open(
	past: LiteralRunOptions['past'],
	options: TestAppOptions & LiteralRunOptions = {},
) {
	const run = literalRun({...options, ...(past ? {past} : {})});
	const test = await openRunApp({kind: 'own', run}, options);
	return {...test, run};
}

/** The title of what is asked at the bottom. */
function askedIn({app}: TestApp): string | undefined {
	return screenOf(app)
		.find(line => line.includes('Approval '))
		?.replaceAll(/^[─━ ?]+|[─━ ]+$/g, '');
}

const approved = {type: 'decide', decision: 'approve', scope: 'once'};

describe('a request', () => {
	it.each(['a', 'y'])('is approved by %s', async key => {
		const test = await open(toolAsked);
		test.keys(key);
		await test.settle();
		expect(test.run.sent).toEqual([{...approved, approval: 't1'}]);
		expect(test.notice()).toBe('Approved: alice wants to use run_command · api.');
	});

	it('is not decided on in the first 400 ms after it appeared', async () => {
		const test = await open(planAsked, {isAlive: false});
		test.keys('a', 'y', 'A', 'r', 'n');
		test.pass(399);
		test.keys('a', 'y', 'A', 'r', 'n');
		expect(test.run.sent).toEqual([]);
		expect(test.app.store.getState().dialog).toBeUndefined();
		test.pass(1);
		test.keys('a');
		expect(test.run.sent).toEqual([{...approved, approval: 'p1'}]);
	});

	it('that follows another one is dead again at first', async () => {
		const test = await open(toolAsked);
		test.run.tell(asked('t2'));
		test.keys('a');
		test.run.tell(decided('t1'));
		await test.settle();
		test.keys('a');
		expect(test.run.sent).toEqual([{...approved, approval: 't1'}]);
		test.pass(400);
		test.keys('a');
		expect(test.run.sent).toEqual([
			{...approved, approval: 't1'},
			{...approved, approval: 't2'},
		]);
	});

	it('is not decided on before the screen was drawn anew', async () => {
		const test = await open(toolAsked);
		test.run.tell(decided('t1'));
		const view = test.view();
		test.run.tell(asked('t2'));
		test.app.store.setState({run: {...view, request: {id: 't1', since: 0, top: 0}}});
		test.app.runPart()?.pressOnRun(test.app, test.view(), {name: 'a', text: 'a', burst: false});
		expect(test.run.sent).toEqual([]);
	});

	it('is not decided on by keys that came in one piece, as an unmarked paste does', async () => {
		const test = await open(toolAsked);
		test.burst('ay');
		test.burst('yes\r');
		test.burst('Aa');
		await test.settle();
		expect(test.run.sent).toEqual([]);
	});

	it('is not decided on by Enter, which shows it whole', async () => {
		const test = await open(toolAsked);
		test.keys('enter');
		expect(test.view().zoom).toEqual({kind: 'approval', top: 0});
		test.keys('enter', 'enter', 'space');
		await test.settle();
		expect(test.run.sent).toEqual([]);
	});

	it('is not decided on where the screen is too small to show it', async () => {
		const test = await open(toolAsked, {columns: 50, rows: 12});
		expect(screenOf(test.app).join('\n')).toContain('1 decision waits for you.');
		test.keys('a');
		expect(test.run.sent).toEqual([]);
		test.resize(100, 30);
		test.keys('a');
		expect(test.run.sent).toEqual([]);
		test.pass(400);
		test.keys('a');
		expect(test.run.sent).toHaveLength(1);
	});

	it('that came under a text that is written is dead until it could be seen for 400 ms', async () => {
		const test = await open(toolAsked.slice(0, -1));
		test.keys('2', 'm', 'h');
		test.run.tell(asked('t1'));
		test.pass(10_000);
		test.keys('enter', 'a');
		await test.settle();
		expect(test.run.sent).toEqual([{type: 'message', to: 'alice', text: 'h'}]);
		test.pass(399);
		test.keys('a');
		expect(test.run.sent).toHaveLength(1);
		test.pass(1);
		test.keys('a');
		expect(test.run.sent).toHaveLength(2);
	});

	it('that came under the help is dead until it could be seen for 400 ms', async () => {
		const test = await open(toolAsked.slice(0, -1));
		test.keys('?');
		test.run.tell(asked('t1'));
		test.pass(10_000);
		test.keys('escape', 'a');
		expect(test.run.sent).toEqual([]);
		test.pass(400);
		test.keys('a');
		expect(test.run.sent).toHaveLength(1);
	});

	it('tells what became of a decision that somebody else was faster with', async () => {
		const test = await open(toolAsked, {
			receipt: {kind: 'refused', reason: 'it was decided\u001B[2J'},
		});
		test.keys('a');
		await test.settle();
		expect(test.notice()).toBe('Refused: it was decided');
	});
});

describe('always', () => {
	it('is for tools', async () => {
		const test = await open(toolAsked);
		test.keys('A');
		await test.settle();
		expect(test.run.sent).toEqual([{...approved, approval: 't1', scope: 'always'}]);
	});

	it('is not for plans', async () => {
		const test = await open(planAsked);
		test.keys('A');
		await test.settle();
		expect(test.run.sent).toEqual([]);
		expect(test.notice()).toBe('A plan is approved once: a.');
	});

	it('is not offered for plans, as editing is not for tools', async () => {
		const hints = (test: TestApp) => screenOf(test.app).find(line => line.includes(' later')) ?? '';
		expect(hints(await open(toolAsked))).toMatch(/A always(?!.*e edit)/);
		expect(hints(await open(planAsked))).toMatch(/^(?!.*A always).*e edit/);
	});
});

describe('a rejection', () => {
	it.each(['r', 'n'])('asks for words, which are sent: %s', async key => {
		const test = await open(toolAsked);
		test.keys(key);
		expect(test.dialog()).toMatchObject({
			kind: 'text',
			title: 'Reject alice wants to use run_command · api: what should be different?',
		});
		expect(test.run.sent).toEqual([]);
		test.burst('use what is there');
		test.keys('enter');
		await test.settle();
		expect(test.run.sent).toEqual([
			{
				type: 'decide',
				approval: 't1',
				decision: 'reject',
				scope: 'once',
				feedback: 'use what is there',
			},
		]);
	});

	it('of a tool needs no words', async () => {
		const test = await open(toolAsked);
		test.keys('r', 'enter');
		await test.settle();
		expect(test.run.sent).toEqual([
			{type: 'decide', approval: 't1', decision: 'reject', scope: 'once'},
		]);
	});

	it('of a plan without a word is asked for once more, as it ends the run', async () => {
		const test = await open(planAsked);
		test.keys('r', 'space', 'enter');
		expect(test.run.sent).toEqual([]);
		expect(test.dialog()).toMatchObject({
			kind: 'confirm',
			title: 'Reject the plan without a word?',
		});
		test.keys('enter', 'escape');
		expect(test.app.store.getState().dialog).toBeUndefined();
		expect(test.run.sent).toEqual([]);
		test.pass(400);
		test.keys('r', 'enter', 'y');
		await test.settle();
		expect(test.run.sent).toEqual([
			{type: 'decide', approval: 'p1', decision: 'reject', scope: 'once'},
		]);
	});

	it('that is broken off sends nothing, and keeps its words for the next time', async () => {
		const test = await open(toolAsked);
		test.keys('r');
		test.burst('no, because');
		test.keys('escape');
		expect(test.run.sent).toEqual([]);
		test.pass(400);
		test.keys('r');
		expect(test.dialog()).toMatchObject({state: {text: 'no, because'}});
	});
});

describe('a request that is put off', () => {
	it('leaves the screen with a word on how to get it back, and is not decided on', async () => {
		const test = await open(toolAsked);
		test.keys('escape');
		expect(askedIn(test)).toBeUndefined();
		expect(test.view().focus).toEqual({pane: 'plan'});
		expect(test.notice()).toBe('Put off: v brings it back. The run waits for it.');
		expect(screenOf(test.app).join('\n')).toContain('1 decision put off: v');
		test.pass(400);
		test.keys('a', 'y', 'A', 'r');
		await test.settle();
		expect(test.run.sent).toEqual([]);
	});

	it('comes back with v, whole, and is dead again at first', async () => {
		const test = await open(toolAsked);
		test.keys('escape', 'v');
		expect(test.view().zoom).toEqual({kind: 'approval', top: 0});
		expect(screenOf(test.app).join('\n')).toContain('$ npm install left-pad');
		test.keys('a');
		expect(test.run.sent).toEqual([]);
		test.pass(400);
		test.keys('a');
		expect(test.run.sent).toHaveLength(1);
		test.keys('escape');
		expect(askedIn(test)).toMatch(/^Approval 1 of 1/);
	});

	it('v says so where nothing waits', async () => {
		const test = await open(planning());
		test.keys('v');
		expect(test.view().zoom).toBeUndefined();
		expect(test.notice()).toMatch(/nothing/i);
	});
});

describe('the queue', () => {
	const three = [...toolAsked, asked('t2', {detail: 'two'}), asked('t3', {detail: 'three'})];

	it('is shown one by one, oldest first, with its length', async () => {
		const test = await open(three);
		expect(askedIn(test)).toBe('Approval 1 of 3 · alice wants to use run_command · api');
		expect(test.view().request?.id).toBe('t1');
		test.run.tell(decided('t1'));
		await test.settle();
		expect(askedIn(test)).toMatch(/^Approval 1 of 2/);
		expect(test.view().request?.id).toBe('t2');
	});

	it('goes round with ]', async () => {
		const test = await open(three);
		const seen = [0, 1, 2, 3, 4].map(() => {
			const id = test.view().request?.id;
			test.keys(']');
			return id;
		});
		expect(seen).toEqual(['t1', 't2', 't3', 't1', 't2']);
		expect(askedIn(test)).toMatch(/of 3/);
	});

	it('stays where it is with ] when nothing else waits', async () => {
		const test = await open(toolAsked);
		test.keys(']');
		expect(test.view().request?.id).toBe('t1');
		test.keys('a');
		expect(test.run.sent).toHaveLength(1);
	});

	it('goes on with the next one when one is put off', async () => {
		const test = await open(three);
		test.keys('escape');
		expect(test.view().request?.id).toBe('t2');
		test.keys('escape', 'escape');
		expect(askedIn(test)).toBeUndefined();
		expect(screenOf(test.app).join('\n')).toContain('3 decisions put off: v');
		test.keys('v');
		expect(test.view().request?.id).toBe('t1');
	});

	it('scrolls a long command within its rows', async () => {
		const detail = Array.from({length: 60}, (_, index) => `echo ${index}`).join('\n');
		const test = await open([...toolAsked.slice(0, -1), asked('t1', {detail})]);
		expect(screenOf(test.app).join('\n')).toMatch(/\d+ more rows: v/);
		test.keys('G');
		expect(screenOf(test.app).join('\n')).toContain('echo 59');
		test.keys('k');
		const shown = screenOf(test.app).join('\n');
		expect(shown).toContain('echo 59');
		expect(shown).not.toContain('in /w/api');
		test.keys('g');
		expect(screenOf(test.app).join('\n')).toContain('$ echo 0');
	});
});

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

	it('gives the plan to the editor, which gets the terminal, and proposes what comes back', async () => {
		const changed = {...plan, summary: 'smaller'};
		const test = await edit(JSON.stringify(changed));
		expect(test.texts).toEqual([`json: ${JSON.stringify(plan, undefined, '\t')}\n`]);
		expect(test.told.done).toEqual(['lend']);
		expect(test.run.sent).toEqual([{type: 'revise-plan', plan: changed}]);
		expect(test.notice()).toContain('next revision');
	});

	it('changes nothing where nothing was changed', async () => {
		const test = await edit(undefined);
		expect(test.run.sent).toEqual([]);
		expect(test.notice()).toBe('The plan was left as it is.');
	});

	it('says what is wrong with it, and edits again from there', async () => {
		const test = await edit('{"subtasks": [\u009B2J\u202E');
		expect(test.run.sent).toEqual([]);
		expect(test.dialog()).toMatchObject({kind: 'confirm', title: 'This is no valid plan'});
		test.keys('e');
		await test.settle();
		expect(test.texts[1]).toBe('json: {"subtasks": [\u009B2J\u202E');
		test.keys('escape');
		expect(test.run.sent).toEqual([]);
	});

	it('keeps its choices in sight, however much is wrong with it', async () => {
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

	it('is not for tools', async () => {
		const test = await edit(undefined, toolAsked);
		expect(test.texts).toEqual([]);
		expect(test.notice()).toContain('Only a plan can be edited.');
	});
});

describe('a replay', () => {
	it('shows requests, which were decided long ago', async () => {
		const replay = literalReplay({past: toolAsked});
		const test = await openRunApp({kind: 'replay', run: replay});
		expect(screenOf(test.app).join('\n')).toContain('decided as it was recorded');
		test.keys('a', 'y', 'A', 'r', 'e');
		await test.settle();
		expect(replay.sent).toEqual([]);
		expect(test.told.called).toEqual([]);
		expect(test.app.store.getState().dialog).toBeUndefined();
	});
});
