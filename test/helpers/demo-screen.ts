import path from 'node:path';
import {openTerminal, type Terminal, type TerminalOptions} from './terminal.ts';
import {temporaryDirectory} from './temporary-directory.ts';

/** The full-screen view in a home of its own. */
export type DemoScreen = {
	readonly home: string;
	/** Where the demo makes its project; not there yet. */
	readonly project: string;
	open(args: readonly string[], options?: Partial<TerminalOptions>): Terminal;
	/** The demo, which does not take its time. */
	demo(options?: Partial<TerminalOptions>): Terminal;
};

export async function prepareDemoScreen(): Promise<DemoScreen> {
	const home = await temporaryDirectory();
	const project = path.join(home, 'project');
	const open = (args: readonly string[], options: Partial<TerminalOptions> = {}) =>
		openTerminal(args, {home, columns: 120, rows: 36, ...options});
	return {home, project, open, demo: options => open(['demo', '--fast', '-d', project], options)};
}
