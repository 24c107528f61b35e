import type {RunState} from '../core/run-state.ts';
import type {Run} from '../core/run.ts';
import type {TeamPanes} from './team-panes.ts';

/** Time between title updates, in ms: activities change far more often. */
const titleIntervalMs = 500;

/**
 * Opens a pane for each teammate when it starts working, and updates the titles. Panes stay open when
 * an agent finishes. Returns a function that stops updating; the panes stay open.
 */
export function syncTeamPanes(
	run: Pick<Run, 'state' | 'subscribe'>,
	panes: Pick<TeamPanes, 'show' | 'setTitle'>,
	titleOf: (agent: string, state: RunState) => string,
): () => void {
	const shown = new Set<string>();
	let timer: NodeJS.Timeout | undefined;
	// A failing pane must not disturb the run: tmux may be gone.
	const ignore = () => undefined;

	const updateTitles = () => {
		timer = undefined;
		for (const agent of shown) {
			panes.setTitle(agent, titleOf(agent, run.state())).catch(ignore);
		}
	};
	const update = () => {
		const {agents, team} = run.state();
		for (const {name} of team?.teammates ?? []) {
			const agent = agents.get(name);
			if (agent && !shown.has(name) && (agent.subtask !== undefined || agent.usage.calls > 0)) {
				shown.add(name);
				panes.show(name).catch(ignore);
			}
		}

		timer ??= setTimeout(updateTitles, titleIntervalMs);
	};

	update();
	const unsubscribe = run.subscribe(update);
	return () => {
		unsubscribe();
		clearTimeout(timer);
	};
}
