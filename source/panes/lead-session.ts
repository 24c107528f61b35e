import {
	closePanes,
	setPaneTitle,
	placeholder,
	startIn,
	type PaneProgram,
	type Tmux,
} from './tmux.ts';

export type LeadSessionOptions = Pick<
	PaneProgram,
	'run' | 'program' | 'directory' | 'environment'
> & {
	readonly tmux: Tmux;
	/** Size of the terminal that will show it. */
	readonly columns: number;
	readonly rows: number;
};

/** Our tmux session; it ends with its last pane. */
export type LeadSession = {
	readonly name: string;
	/** The pane of the lead's view. */
	readonly lead: string;
	/** Closes the pane of the lead's view; other panes stay open. */
	close(): Promise<void>;
};

/** Creates a session with the lead's view as its only pane. The pane closes with the view. */
export async function openLeadSession(options: LeadSessionOptions): Promise<LeadSession> {
	const {tmux, run, columns, rows} = options;
	const name = await freeName(tmux, `llm-orchestrator-${run}`);
	const size = ['-x', String(columns), '-y', String(rows)];
	const where = ['-d', '-s', name, '-n', 'lead', ...size, '-P', '-F', '#{pane_id}'];
	const lead = await tmux(['new-session', ...where, ...placeholder]);
	await setPaneTitle(tmux, lead, 'lead');
	await startIn(tmux, lead, {...options, stays: false});
	return {
		name,
		lead,
		close: async () => closePanes(tmux, [lead], run),
	};
}

/** A killed process may have left a session of the same run. */
async function freeName(tmux: Tmux, wanted: string): Promise<string> {
	const list = await tmux(['list-sessions', '-F', '#{session_name}']).catch(() => '');
	const taken = new Set(list.split('\n'));
	let name = wanted;
	for (let count = 2; taken.has(name); count++) {
		name = `${wanted}-${count}`;
	}

	return name;
}
