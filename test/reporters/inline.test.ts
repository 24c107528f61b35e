import {describe, expect, test} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import {runEventSchema, type RunEvent} from '../../source/core/run-event.ts';
import {runReportSchema, type RunReport} from '../../source/core/run-report.ts';
import {emptyRunState} from '../../source/core/run-state.ts';
import {createInlineReporter, type Paint} from '../../source/reporters/inline.ts';
import {everyEvent, placed, poisoned, sampleReport} from '../core/every-event.ts';
import {poison, unprintable} from '../core/hostile.ts';
import {createTextOutput} from './text-output.ts';

const plain: Paint = (_, text) => text;

describe('the inline reporter', () => {
	test('tells a run from its header to its summary', async () => {
		const of = (...types: readonly RunEvent['type'][]) =>
			everyEvent.filter(({type}) => types.includes(type));
		const text = await printed([
			...of('run-started'),
			...of('plan-proposed', 'plan-judged'),
			...of('subtask-started', 'check-finished', 'subtask-completed'),
		]);
		const [task, team, rights, ...rest] = text.split('\n');
		expect(task).toBe('Fix the parser');
		expect(team).toBe('run r1 · team calm (lead ollama qwen3, 1 teammate) · /home/ada/project');
		expect(rights).toBe(
			'Commands run UNSANDBOXED; with no sandbox, every command is refused because no one can approve it (permission: sandboxed) · approval: criteria',
		);
		expect(rest).toEqual([
			'',
			'lead            proposed revision 1 of the plan: 1 subtask',
			'  · parse  Parse',
			'  final check (yours): npm run lint',
			'tests           warn: nothing is checked',
			'parse           teammate-1 starts (attempt 2)',
			'parse           check test FAILED (1.2 s)',
			'                │ one',
			'                │ AssertionError: 1 !== 2',
			'parse           ✓ parses lines',
			'',
			'  ✗ parse   teammate-1, 2 attempts  checks are red',
			'                                    failed: npm test',
			'  – report                          "parse" failed',
			'  ✓ npm run lint (final)',
			'  denied (no one could be asked): curl example.org',
			'  changed  branch llm-orchestrator/r1; to merge it: git merge llm-orchestrator/r1',
			'  spent    1 min 05 s, 2 model calls, 34 tokens, at least $0.50 (1 call unpriced)',
			'',
		]);
	});

	test('shows the last lines of a red check only', async () => {
		const output = Array.from({length: 100}, (_, index) => `line ${index}`).join('\n');
		const red = everyEvent.find(({type}) => type === 'check-finished');
		const text = await printed([runEventSchema.parse({...red, output})]);
		expect(text.match(/│ .*/g)).toEqual([94, 95, 96, 97, 98, 99].map(n => `│ line ${n}`));
		expect(await printed([runEventSchema.parse({...red, output, passed: true})])).not.toContain(
			'│',
		);
	});

	test('prints nothing while agents speak', async () => {
		const output = createTextOutput();
		createInlineReporter(output, plain).delta({agent: 'a', kind: 'text', text: 'x'});
		expect(output.text()).toBe('');
	});

	test('colors by what a line means', async () => {
		const tones = new Set<string>();
		await printed(everyEvent, (tone, text) => {
			tones.add(tone);
			return text;
		});
		expect(tones).toEqual(new Set(['plain', 'quiet', 'good', 'bad', 'warning', 'heading']));
	});

	test('waits until all is written', async () => {
		const output = createTextOutput();
		await createInlineReporter(output, plain).end(sampleReport, emptyRunState());
		expect(output.flushes()).toBe(1);
	});

	test('never prints an escape, a control or a hidden character that came from data', async () => {
		const hostile = everyEvent.map(event => runEventSchema.parse(poisoned(event, poison)));
		const plan = JSON.stringify({
			subtasks: [
				{
					id: 'a',
					title: `A${poison}`,
					instructions: 'x',
					outputs: [`o${poison}`],
					checks: [`ls${poison}`],
				},
				{
					id: 'b',
					title: 'B',
					instructions: 'x',
					dependsOn: [{subtask: 'a', when: {output: `o${poison}`, equals: poison}}],
				},
			],
			checks: [`make${poison}`],
		});
		const proposed = placed({type: 'plan-proposed', revision: 1, hash: 'x', plan, origin: 'lead'});
		const {report} = poisoned(placed({type: 'run-finished', report: sampleReport}), poison) as {
			report: unknown;
		};
		const text = await printed([proposed, ...hostile], plain, runReportSchema.parse(report));
		expect(text.split('\n').length).toBeGreaterThan(40);
		for (const line of text.split('\n')) {
			expect(line).not.toMatch(unprintable);
		}
	});
});

async function printed(
	events: readonly RunEvent[],
	paint: Paint = plain,
	report: RunReport = sampleReport,
): Promise<string> {
	const output = createTextOutput();
	const reporter = createInlineReporter(output, paint);
	const state = emptyRunState();
	for (const event of events) {
		reporter.event(event, applyEvent(state, event));
	}
	await reporter.end(report, emptyRunState());
	return output.text();
}
