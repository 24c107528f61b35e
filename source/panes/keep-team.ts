import type {RunState} from '../core/run-state.ts';
import type {Run} from '../core/run.ts';
import type {TeamPanes} from './team-panes.ts';

/** Longest between two looks at the titles, ms: what agents do changes far more often. */
const titlePauseMs = 500;

/**
 * Gives each teammate a pane when it begins to work, and keeps the titles. A finished agent's pane
 * stays. Returns how to stop; the panes stay then.
 */
export function keepTeam(
	run: Pick<Run, 'state' | 'subscribe'>,
	panes: Pick<TeamPanes, 'show' | 'entitle'>,
	titleOf: (agent: string, state: RunState) => string,
): () => void {
	const shown = new Set<string>();
	let timer: NodeJS.Timeout | undefined;
	// A pane that cannot be opened or named is no reason to disturb the run: tmux may be gone.
	const ignore = () => undefined;

	const entitleAll = () => {
		timer = undefined;
		for (const agent of shown) {
			panes.entitle(agent, titleOf(agent, run.state())).catch(ignore);
		}
	};
	const look = () => {
		const {agents, team} = run.state();
		for (const {name} of team?.teammates ?? []) {
			const agent = agents.get(name);
			if (agent && !shown.has(name) && (agent.subtask !== undefined || agent.usage.calls > 0)) {
				shown.add(name);
				panes.show(name).catch(ignore);
			}
		}

		timer ??= setTimeout(entitleAll, titlePauseMs);
	};

	look();
	const unsubscribe = run.subscribe(look);
	return () => {
		unsubscribe();
		clearTimeout(timer);
	};
}
