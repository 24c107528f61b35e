import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import {runEventSchema, type RunEvent, type RunEventBody} from '../../source/core/run-event.ts';
import {runReportSchema} from '../../source/core/run-report.ts';
import {emptyRunState} from '../../source/core/run-state.ts';
import {plainText} from '../../source/present/log/stream-sanitizer.ts';
import {textWidth} from '../../source/present/text/width.ts';
import {createAgentReporter} from '../../source/reporters/agent.ts';
import {createInlineReporter, type Paint} from '../../source/reporters/inline.ts';
import {everyEvent, placed, poisoned, sampleReport} from '../core/every-event.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {cutAnywhere, hostileText} from '../present/log/hostile-text.ts';
import {createTextOutput} from './text-output.ts';

const plain: Paint = (_, text) => text;
const tagged: Paint = (tone, text) => `<${tone}>${text}</>`;

describe('the reporter of one agent', () => {
	test('tells what its agent says and does, in the order in which it comes', () => {
		const {happen, say, text} = createPane();
		happen(...of('run-started', 'subtask-started', 'model-call-started'));
		say('I look at ', 'the parser.');
		happen(
			...of('model-call-finished', 'tool-call-started', 'check-finished', 'subtask-completed'),
		);
		expect(text().split('\n')).toEqual([
			'parse: teammate-1 starts (attempt 2)',
			'I look at the parser.',
			'→ edit_file src/a.ts (+3 −1)',
			'parse: check test FAILED (1.2 s)',
			'│ one',
			'│ AssertionError: 1 !== 2',
			'parse: ✓ parses lines',
			'',
		]);
	});

	test('leaves out what others say and do', () => {
		const {happen, reporter, text} = createPane({agent: 'teammate-2'});
		happen(...everyEvent.filter(({type}) => !type.startsWith('run-') && type !== 'message-sent'));
		reporter.delta({agent: 'teammate-1', kind: 'text', text: 'hello\n'});
		expect(text()).toBe('');
	});

	test('knows who worked on a subtask when something happened to it', () => {
		const start = (agent: string, attempt: number): RunEventBody => ({
			type: 'subtask-started',
			subtask: 'parse',
			attempt,
			agent,
			base: 'b0',
		});
		const green: RunEventBody = {
			type: 'check-finished',
			subtask: 'parse',
			attempt: 1,
			place: 'workspace',
			check: 'lint',
			passed: true,
			exitCode: 0,
			durationMs: 1,
			output: '',
		};
		const story = [
			start('teammate-1', 1),
			green,
			start('teammate-2', 2),
			{...green, check: 'test'},
		];
		const first = createPane();
		const second = createPane({agent: 'teammate-2'});
		first.happen(...of('run-started'), ...story.map(body => placed(body)));
		second.happen(...of('run-started'), ...story.map(body => placed(body)));
		expect(first.text().match(/check \w+/g)).toEqual(['check lint']);
		expect(second.text().match(/check \w+/g)).toEqual(['check test']);
	});

	test('tells what is asked of a person, what was decided, and what is said to it', () => {
		const {happen, text} = createPane();
		happen(...of('run-started', 'subtask-started', 'approval-requested', 'approval-decided'));
		happen(...of('run-paused', 'run-unpaused', 'message-sent'));
		expect(text().split('\n').slice(1)).toEqual([
			'asks for bash: npm install left-pad',
			"run: teammate-1's request rejected by you: use",
			'  what is there',
			'run: paused by you',
			'run: unpaused',
			'to teammate-2: the format is JSON',
			'',
		]);
	});

	test('tells of the lead how the plan comes about', () => {
		const {happen, text} = createPane({agent: 'lead'});
		happen(...of('run-started', 'planning-started', 'plan-refused', 'plan-proposed'));
		happen(...of('revision-requested', 'subtask-started'));
		expect(text()).toMatch(
			/^planning revision 2[^]*proposed an invalid plan[^]*proposed revision 1 of the plan[^]*will revise the plan/,
		);
		expect(text()).not.toContain('teammate-1');
	});

	test('shows of a red check what the inline reporter shows', () => {
		const output = Array.from({length: 100}, (_, index) => `line ${index}`).join('\n');
		const [red] = of('check-finished').map(event => runEventSchema.parse({...event, output}));
		const inline = createTextOutput();
		const state = emptyRunState();
		if (red) {
			createInlineReporter(inline, plain).event(red, applyEvent(state, red));
		}

		const {happen, text} = createPane();
		happen(...of('run-started', 'subtask-started'), ...(red ? [red] : []));
		expect(text().match(/│ .*/g)).toEqual(inline.text().match(/│ .*/g));
		expect(text().match(/│ .*/g)).toHaveLength(6);
	});

	test('tells the first line of an answer that nobody heard', () => {
		const {happen, say, text} = createPane();
		happen(...of('run-started', 'model-call-started', 'model-call-finished', 'model-call-started'));
		expect(text()).toBe('I look at the parser.\n');
		say('Aloud.');
		happen(...of('model-call-finished', 'model-call-started', 'model-call-finished'));
		expect(text()).toBe('I look at the parser.\nAloud.\nI look at the parser.\n');
	});

	test('ends with how the run ended, and what became of its own subtasks', async () => {
		const {reporter, say, output, text} = createPane();
		say('And so');
		await reporter.end(sampleReport, emptyRunState());
		expect(text()).toBe('And so\nRun ended: failed\n✗ parse  checks are red\n');
		expect(output.flushes()).toBe(1);
	});

	test('says of what was under way that it has stopped', async () => {
		const {reporter, text} = createPane();
		const [parse] = sampleReport.subtasks;
		const subtasks = parse ? [{...parse, status: 'running', reason: undefined}] : [];
		await reporter.end({...sampleReport, outcome: 'interrupted', subtasks}, emptyRunState());
		expect(text()).toMatch(/Run ended: interrupted\n■ parse\n$/);
	});
});

describe('what an agent says', () => {
	test('is there word by word, and waits for the rest of a word only', () => {
		const {say, text} = createPane();
		say('Hel');
		expect(text()).toBe('');
		say('lo  wor');
		expect(text()).toBe('Hello');
		say('ld\n\n', '\tnext');
		expect(text()).toBe('Hello  world\n\n');
		say(' ');
		expect(text()).toBe('Hello  world\n\n    next');
	});

	test('is wrapped at words, in the columns that there are now', () => {
		let columns = 12;
		const {say, text} = createPane({columns: () => columns});
		say('one two three four five ');
		expect(text()).toBe('one two\nthree four\nfive');
		columns = 24;
		say('six seven eight nine ');
		expect(text()).toBe('one two\nthree four\nfive six seven eight\nnine');
	});

	test('is cut where a word is wider than a row', () => {
		const {say, text} = createPane({columns: () => 10});
		say('see ', 'x'.repeat(15), 'y'.repeat(8), ' 語語語語語語語 end\n');
		expect(text()).toBe('see\nxxxxxxxxxx\nxxxxxyyyyy\nyyy\n語語語語語\n語語 end\n');
	});

	test('begins a new row at every kind of line break, wherever it is cut', () => {
		const {say, text} = createPane();
		say('a\r', '\nb\rc\r\n', '\nd\n');
		expect(text()).toBe('a\nb\nc\n\nd\n');
	});

	test('is told from what it thinks, and from what its commands print', () => {
		const {reporter, say, text} = createPane({paint: tagged});
		reporter.delta({agent: 'teammate-1', kind: 'thinking', text: 'hm\nwell'});
		reporter.delta({agent: 'teammate-1', kind: 'output', text: 'noise\n'});
		say('So be it.\n');
		expect(text()).toBe('<quiet>hm\n</><quiet>well\n</><plain>So be it.\n</>');
	});

	test('does not reach into what it says next', () => {
		const {happen, say, text} = createPane();
		happen(...of('run-started', 'model-call-started'));
		say('before \x1B]0;title without an end');
		happen(...of('model-call-finished', 'model-call-started'));
		say('after\n');
		expect(text()).toBe('before\nafter\n');
	});

	test('stays in its columns, whole and harmless, whatever it is and wherever it is cut', () => {
		fc.assert(
			fc.property(cutAnywhere(hostileText), fc.integer({min: 4, max: 40}), (pieces, columns) => {
				const {say, happen, text} = createPane({columns: () => columns});
				say(...pieces);
				happen(...of('run-started', 'model-call-started'));
				const whole = plainText(pieces.join(''));
				expect(text().replaceAll(/\s/g, '')).toBe(whole.replaceAll(/\s/g, ''));
				for (const row of text().split('\n')) {
					expect(textWidth(row)).toBeLessThanOrEqual(columns);
					expect(row).not.toMatch(unprintable);
				}
			}),
		);
	});
});

describe('what events say', () => {
	test.each(['lead', 'teammate-1', 'teammate-2'])(
		'is harmless and stays in the columns of the pane of %s, whatever data holds',
		async agent => {
			const {reporter, happen, text} = createPane({agent: agent + poison});
			happen(...everyEvent.map(event => runEventSchema.parse(poisoned(event, poison))));
			const hostile = poisoned(placed({type: 'run-finished', report: sampleReport}), poison);
			const {report} = hostile as {report: unknown};
			await reporter.end(runReportSchema.parse(report), emptyRunState());
			expect(text().split('\n').length).toBeGreaterThan(2);
			for (const row of text().split('\n')) {
				expect(textWidth(row)).toBeLessThanOrEqual(50);
				expect(row).not.toMatch(unprintable);
			}
		},
	);
});

function of(...types: readonly RunEvent['type'][]): readonly RunEvent[] {
	return types.flatMap(type => everyEvent.filter(event => event.type === type));
}

function createPane({
	agent = 'teammate-1',
	paint = plain,
	columns = () => 50,
}: {
	readonly agent?: string;
	readonly paint?: Paint;
	readonly columns?: () => number;
} = {}) {
	const output = createTextOutput();
	const reporter = createAgentReporter(output, {agent, paint, columns});
	const state = emptyRunState();
	return {
		reporter,
		output,
		text: () => output.text(),
		happen(...events: readonly RunEvent[]) {
			for (const event of events) {
				reporter.event(event, applyEvent(state, event));
			}
		},
		say(...pieces: readonly string[]) {
			for (const text of pieces) {
				reporter.delta({agent, kind: 'text', text});
			}
		},
	};
}
