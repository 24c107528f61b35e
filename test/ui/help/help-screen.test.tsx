import {render} from 'ink-testing-library';
import {describe, expect, it} from 'vitest';
import {textWidth} from '../../../source/present/width.ts';
import {HelpScreen} from '../../../source/ui/help/help-screen.tsx';
import {linesOf, screenOf} from '../frame.tsx';
import {openTestApp} from '../open-test-app.ts';

describe('the help', () => {
	it('shows keys with what they do, by where they mean something', () => {
		const {app} = openTestApp({home: {}, rows: 40});
		const {lastFrame} = render(
			<HelpScreen state={app.store.getState()} top={0} theme={app.theme} />,
		);
		const shown = linesOf(lastFrame() ?? '');
		expect(shown[0]).toMatch(/^━ Keys · 38 of \d+ · any other key: back ━+$/);
		expect(shown.join('\n')).toMatch(/ Everywhere\n {3}\? +this help/);
		expect(shown.join('\n')).toMatch(/ {3}1 … 9 +team, plan, logs/);
		expect(shown.join('\n')).toContain('Enter never approves');
	});

	it('is all there from its top to its end', () => {
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
			/Everywhere[^]*A run[^]*A request[^]*A replay[^]*Home[^]*write a task for the selected team/,
		);
		expect(screenOf(test.app)[0]).toMatch(/· (\d+) of \1 ·/);
	});

	it('has two columns where there is room, and says nothing of scrolling where all is in sight', () => {
		const test = openTestApp({home: {}, columns: 160, rows: 60});
		test.keys('?');
		expect(screenOf(test.app)[0]).toMatch(/^━ Keys · any other key: back ━+$/);
		expect(screenOf(test.app).find(line => line.includes('Everywhere'))).toContain('A run');
	});

	it.each([
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
