import {describe, expect, test} from 'vitest';
import type {RunSummary} from '../../../source/core/run-summary.ts';
import type {RunStatus} from '../../../source/core/run-state-entries.ts';
import {rowText, rowWidth} from '../../../source/present/text/row.ts';
import {
	hiddenCounts,
	providerRow,
	runRow,
	teamRow,
	testRows,
	welcomeRows,
} from '../../../source/ui/home/home-rows.ts';
import {poison, unprintable} from '../../core/hostile.ts';
import {run as stopped} from './full-home.ts';

const now = Date.UTC(2026, 10, 22, 11, 0, 0);
const run: RunSummary = {...stopped, status: 'completed'};
const provider = {
	type: 'ollama',
	usable: true,
	detail: 'at localhost',
	models: ['a', 'b', 'c', 'd', 'e'],
};

function runText(
	fields: Partial<RunSummary>,
	options: {width?: number; ascii?: boolean} = {},
): string {
	const row = runRow({...run, ...fields}, {width: 80, ascii: false, now, ...options});
	if (fields.problem === undefined) {
		expect(rowWidth(row)).toBe(options.width ?? 80);
	}

	return rowText(row);
}

describe('a run in the list', () => {
	test('says how it stands, what it was about, and when', () => {
		expect(runText({})).toMatch(/^ ✓ completed +7\/8 {2}add a health endpoint +calm · 1 h ago $/);
		expect(runText({}, {ascii: true})).toMatch(/^ v completed /);
		expect(runText({live: true, status: 'running'})).toContain('◐ running, live');
		expect(runText({undone: true})).toContain('✓ undone');
		expect(runText({subtasks: 0, status: 'planning'})).not.toContain('/');
	});

	test('cuts the task, not the rest', () => {
		expect(runText({task: 'x'.repeat(200)}, {width: 60})).toMatch(
			/^ ✓ completed.*x… calm · 1 h ago $/,
		);
	});

	test('says why it cannot be read', () => {
		expect(runText({problem: `damaged${poison}`})).toBe(' ! r1 cannot be read: damaged');
	});

	const tones: Readonly<Record<RunStatus, string>> = {
		planning: 'quiet',
		'awaiting-approval': 'warning',
		running: 'quiet',
		paused: 'warning',
		stopped: 'warning',
		completed: 'good',
		failed: 'bad',
		rejected: 'bad',
		cancelled: 'quiet',
	};

	test.each(Object.entries(tones))('that is %s and held by nobody is %s', (status, tone) => {
		const row = (live: boolean) =>
			runRow({...run, live, status: status as RunStatus}, {width: 80, ascii: false, now});
		expect(row(false)[0]?.tone).toBe(tone);
		expect(row(true)[0]?.tone).toBe('accent');
	});
});

test('a team says who works in it', () => {
	const team = {name: 'calm', provider: 'ollama', model: 'qwen3', teammates: 1, createdAt: 0};
	expect(rowText(teamRow(team))).toBe(' calm           ollama qwen3 · 1 teammate');
	expect(rowText(teamRow({...team, model: undefined, teammates: 3}))).toBe(
		' calm           ollama · 3 teammates',
	);
});

test('a provider says what was found, or what to do', () => {
	expect(rowText(providerRow(provider, false))).toBe(
		' ✓ ollama        at localhost · a, b, c, d, 1 more',
	);
	const missing = {...provider, usable: false, detail: 'start it', models: []};
	expect(rowText(providerRow(missing, false))).toBe(' – ollama        start it');
	expect(rowText(providerRow(provider, true))).toMatch(/^ \+ /);
});

test('a test says what was tried, and how it went', () => {
	const lines = (['ok', 'warning', 'failed'] as const).map(outcome => ({outcome, text: 'streams'}));
	const rows = testRows(lines, {width: 80, ascii: false});
	expect(rows.map(row => [rowText(row), row[0]?.tone])).toEqual([
		[' ✓ streams', 'good'],
		[' ! streams', 'warning'],
		[' ✗ streams', 'bad'],
	]);
});

test('the result of a test is told whole, at any width', () => {
	const text = 'answer: the server has no model "nope" → run: ollama pull nope';
	const rows = testRows([{outcome: 'failed', text}], {width: 30, ascii: false});
	expect(rows.map(rowText).join(' ').replaceAll(/\s+/g, ' ')).toBe(` ✗ ${text}`);
	for (const row of rows) {
		expect(rowWidth(row)).toBeLessThanOrEqual(30);
	}
});

describe('the title of a list', () => {
	const words = (top: number, shown: number, length: number, isOpen = false) =>
		rowText(hiddenCounts({top, shown, length}, isOpen));

	test('says how much of it is out of sight', () => {
		expect(words(0, 5, 10)).toBe(' · 5 more below');
		expect(words(2, 5, 10)).toBe(' · 2 more above, 3 more below');
		expect(words(5, 5, 10)).toBe(' · 5 more above');
	});

	test('says nothing where all is in sight', () => {
		expect(words(0, 5, 5)).toBe('');
		expect(words(0, 5, 0)).toBe('');
	});

	test('says that others may follow', () => {
		expect(words(0, 5, 40, true)).toBe(' · 35+ more below');
		expect(words(35, 5, 40, true)).toBe(' · 35 more above, more below');
	});
});

describe('the first start', () => {
	const text = (providers: Parameters<typeof welcomeRows>[0], width: number, hasRuns = false) =>
		welcomeRows(providers, {width, hasRuns}).map(rowText).join('\n');

	test('offers the demo, and the shortest ways to a real provider', () => {
		const shown = text([{...provider, usable: false}], 100);
		expect(shown).toContain('  d  the demo');
		expect(shown).toContain('export ANTHROPIC_API_KEY=');
		expect(shown).toContain('ollama serve');
		expect(shown).toContain('llama-server');
	});

	test('offers a team with a provider that is there', () => {
		const shown = text([{...provider, usable: false, type: 'openai'}, provider], 100);
		expect(shown).toContain('  n  a team with ollama, which is available (at localhost)');
		expect(shown).not.toContain('export ANTHROPIC_API_KEY=');
	});

	test('goes on to say how to get a team when there are runs already', () => {
		const shown = text([{...provider, usable: false}], 100, true);
		expect(shown).toContain('A task needs a team. To use a real provider, run one of these');
		expect(shown).toContain('export ANTHROPIC_API_KEY=');
		expect(text([provider], 100, true)).toContain('  n  a team with ollama, which is available');
	});

	test.each([60, 80, 100])('can be read in %i columns, every word of it', width => {
		const rows = welcomeRows(undefined, {width, hasRuns: false});
		for (const row of rows) {
			expect(rowWidth(row)).toBeLessThanOrEqual(width);
		}

		const words = (shown: string) => shown.split(/\s+/).join(' ');
		expect(words(text(undefined, width))).toBe(words(text(undefined, 300)));
	});
});

test('nothing that others write reaches the terminal as it is', () => {
	const evil = `x${poison}\n`;
	const rows = [
		runRow({...run, task: evil, team: evil}, {width: 80, ascii: false, now}),
		runRow({...run, run: evil, problem: evil}, {width: 80, ascii: false, now}),
		teamRow({name: evil, provider: evil, model: evil, teammates: 1, createdAt: 0}),
		providerRow({type: 'ollama', usable: true, detail: evil, models: [evil]}, false),
		...testRows([{outcome: 'ok', text: evil}], {width: 80, ascii: false}),
		...welcomeRows([{...provider, detail: evil}], {width: 80, hasRuns: false}),
	];
	for (const row of rows) {
		expect(rowText(row)).not.toMatch(unprintable);
		expect(rowText(row)).not.toContain('\n');
	}
});
