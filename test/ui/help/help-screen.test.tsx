import {render} from 'ink-testing-library';
import {describe, expect, test} from 'vitest';
import {textWidth} from '../../../source/present/text/width.ts';
import {helpRows} from '../../../source/ui/help/help-rows.ts';
import {HelpScreen} from '../../../source/ui/help/help-screen.tsx';
import {keyMap, type KeyContext} from '../../../source/ui/keys/key-map.ts';
import {linesOf, screenOf} from '../frame.tsx';
import {planOf, subtask} from '../../helpers/run-parts.ts';
import {literalReplay, literalRun, planning, proposed} from '../../helpers/ui-run.ts';
import {openRunApp, openTestApp, type TestApp} from '../open-test-app.ts';

describe('the help', () => {
	test('shows keys with what they do, by where they mean something', () => {
		const {app} = openTestApp({home: {}, rows: 60});
		const {lastFrame} = render(
			<HelpScreen state={app.store.getState()} top={0} theme={app.theme} />,
		);
		const shown = linesOf(lastFrame() ?? '');
		expect(shown[0]).toMatch(/^━ Keys · 58 of \d+ · ↓ ↑: scroll · any other key: back ━+$/);
		expect(shown.join('\n')).toMatch(/ Anywhere\n {3}\? +show this help/);
		expect(shown.join('\n')).toMatch(/ {3}1 … 9 +team, plan, logs/);
		expect(shown.join('\n')).toContain('Enter never approves');
	});

	test('is all there from its top to its end', () => {
		const test = openTestApp({home: {}, rows: 20});
		test.keys('?');
		const seen = new Set<string>();
		for (let page = 0; page < 12; page++) {
			for (const line of screenOf(test.app)) {
				seen.add(line.trim());
			}

			test.keys('pagedown');
		}

		expect([...seen].join('\n')).toMatch(
			/Home[^]*write a task for the selected team[^]*Anywhere[^]*\nRun\n[^]*Request \([^]*\nReplay\n/,
		);
		expect(screenOf(test.app)[0]).toMatch(/· (\d+) of \1 ·/);
	});

	test('has two columns where there is room, and says nothing of scrolling where all is in sight', () => {
		const test = openTestApp({home: {}, columns: 160, rows: 60});
		test.keys('?');
		expect(screenOf(test.app)[0]).toMatch(/^━ Keys · any other key: back ━+$/);
		expect(screenOf(test.app).find(line => line.includes('Home'))).toContain('Navigation');
	});

	test('says whole how it is scrolled and left, from 60 columns on', () => {
		const test = openTestApp({home: {}, columns: 60, rows: 15});
		test.keys('?');
		expect(screenOf(test.app)[0]).toContain('↓ ↑: scroll · any other key: back');
		const plain = openTestApp({home: {}, columns: 60, rows: 15, theme: {ascii: true}});
		plain.keys('?');
		expect(screenOf(plain.app)[0]).toContain('j k: scroll');
	});

	test.each([80, 160])('begins with the keys of where one is, at %i columns', async columns => {
		const first = (test: TestApp) => {
			test.keys('?');
			return screenOf(test.app).find(line => /^ \S/.test(line)) ?? '';
		};
		const size = {columns, rows: 24};
		expect(first(openTestApp({home: {}, ...size}))).toMatch(/^ Home/);
		const working = literalRun({past: planning()});
		expect(first(await openRunApp({kind: 'own', run: working}, size))).toMatch(/^ Run\b/);
		const asking = literalRun({
			past: [...planning(), ...proposed(planOf({subtasks: [subtask('api')]}))],
		});
		expect(first(await openRunApp({kind: 'own', run: asking}, size))).toMatch(/^ Request\b/);
		const replay = literalReplay({past: planning()});
		const replayed = first(await openRunApp({kind: 'replay', run: replay}, size));
		expect(replayed).toMatch(columns === 80 ? /^ Replay\b/ : /^ Run .* Replay\b/);
	});

	test.each([80, 160])('is as long wherever it is looked at, at %i columns', columns => {
		const {length} = helpRows(columns);
		for (const context of Object.keys(keyMap) as readonly KeyContext[]) {
			expect(helpRows(columns, [context, 'everywhere'])).toHaveLength(length);
		}
	});

	test.each([
		[60, 15],
		[100, 24],
		[110, 20],
		[30, 5],
	])('fits %i×%i', (columns, rows) => {
		const test = openTestApp({home: {}, columns, rows});
		test.keys('?', 'G');
		const lines = screenOf(test.app);
		expect(lines.length).toBeLessThanOrEqual(rows);
		for (const line of lines) {
			expect(textWidth(line)).toBeLessThanOrEqual(columns);
		}
	});
});
