import type {StartedRun} from '../core/actions.ts';
import {span} from '../present/text/row.ts';
import {notify, type App, type AppStore} from './app-store.ts';

/** How long the first Ctrl+C counts, ms. */
const breakMs = 2_000;

/** Leaving a run, the program, or both: nothing stops without a question or a second Ctrl+C. */
export function createLeaving({
	store,
	now,
	own,
	goHome,
	exit,
	abandon,
}: {
	readonly store: AppStore;
	readonly now: () => number;
	/** The runs of this process, over or not. */
	readonly own: () => readonly StartedRun[];
	readonly goHome: () => void;
	readonly exit: () => void;
	/** Ends the program at once, whatever still goes on. */
	readonly abandon: () => void;
}): Pick<App, 'breakOff' | 'leave'> {
	let broken = -Infinity;
	let stopping = false;
	const live = () => own().filter(run => run.state().report === undefined);

	const stop = async (runs: readonly StartedRun[], reason: string) => {
		if (stopping || runs.length === 0) {
			exit();
			return;
		}

		stopping = true;
		store.setState({dialog: undefined});
		notify({store}, 'Stopping, so that it can be resumed … (Ctrl+C: at once)', 'warning');
		for (const run of runs) {
			run.stop('interrupted', reason);
		}

		await Promise.allSettled(runs.map(async ({done}) => done));
		exit();
	};

	return {
		breakOff() {
			if (stopping) {
				abandon();
				return;
			}

			if (now() - broken <= breakMs) {
				void stop(live(), 'stopped by Ctrl+C');
				return;
			}

			broken = now();
			const count = live().length;
			const what = count > 0 ? `stops ${runsIn(count)} (to be resumed) and leaves` : 'leaves';
			notify({store}, `Ctrl+C again ${what}.`, 'warning');
		},
		leave() {
			const {run, home} = store.getState();
			const shown = run?.session.run;
			const isLive = live().some(({id}) => id === shown?.id);
			if (run && !isLive) {
				(home ? goHome : exit)();
				return;
			}

			const count = live().length;
			if (count === 0) {
				exit();
				return;
			}

			store.setState({
				dialog: {
					kind: 'confirm',
					title: run
						? 'Leave a run that goes on?'
						: `Leave while ${runsIn(count)} ${count === 1 ? 'goes' : 'go'} on?`,
					rows: [
						[
							span(
								'  It works in this process. Stopped, it goes on later: llm-orchestrator resume last',
							),
						],
					],
					choices: [
						{
							key: 's',
							label: `stop ${runsIn(count)} (to be resumed) and leave`,
							act() {
								void stop(live(), 'stopped by leaving the screen');
							},
						},
						...(run && home ? [{key: 'h', label: 'home; it goes on', act: goHome}] : []),
						{key: 'Esc', label: 'stay', act: () => undefined},
					],
				},
			});
		},
	};
}

function runsIn(count: number): string {
	return count === 1 ? 'the run' : `${count} runs`;
}
