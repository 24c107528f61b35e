import type {OwnedRun} from '../core/run.ts';
import {span} from '../present/text/row.ts';
import {notify, type App, type AppStore} from './app-store.ts';

/** How long the first Ctrl+C counts, in ms. */
const confirmMs = 2_000;

/** Leaves a run or the program: nothing stops without confirmation or a second Ctrl+C. */
export function createExitControl({
	store,
	now,
	own,
	goHome,
	exit,
	abandon,
}: {
	readonly store: AppStore;
	readonly now: () => number;
	/** All runs of this process, including ended ones. */
	readonly own: () => readonly OwnedRun[];
	readonly goHome: () => void;
	readonly exit: () => void;
	/** Exits immediately, even if runs are still stopping. */
	readonly abandon: () => void;
}): Pick<App, 'interrupt' | 'leave'> {
	let firstInterrupt = -Infinity;
	let stopping = false;
	const live = () => own().filter(run => run.state().report === undefined);

	const stop = async (runs: readonly OwnedRun[], reason: string) => {
		if (stopping || runs.length === 0) {
			exit();
			return;
		}

		stopping = true;
		store.setState({dialog: undefined});
		notify({store}, 'Stopping; it can be resumed … (Ctrl+C: quit now)', 'warning');
		for (const run of runs) {
			run.stop('interrupted', reason);
		}

		await Promise.allSettled(runs.map(async ({done}) => done));
		exit();
	};

	return {
		interrupt() {
			if (stopping) {
				abandon();
				return;
			}

			if (now() - firstInterrupt <= confirmMs) {
				void stop(live(), 'stopped by Ctrl+C');
				return;
			}

			firstInterrupt = now();
			const count = live().length;
			const what = count > 0 ? `stop ${countedRuns(count)} (resumable) and quit` : 'quit';
			notify({store}, `Press Ctrl+C again to ${what}.`, 'warning');
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
						? 'Leave a run that is still running?'
						: `Quit while ${countedRuns(count)} ${count === 1 ? 'is' : 'are'} still running?`,
					rows: [
						[
							span(
								'  It runs in this process. You can continue it later: llm-orchestrator resume last',
							),
						],
					],
					choices: [
						{
							key: 's',
							label: `stop ${countedRuns(count)} (resumable) and quit`,
							act() {
								void stop(live(), 'stopped by quitting');
							},
						},
						...(run && home ? [{key: 'h', label: 'home; keep it running', act: goHome}] : []),
						{key: 'Esc', label: 'stay', act: () => undefined},
					],
				},
			});
		},
	};
}

function countedRuns(count: number): string {
	return count === 1 ? 'the run' : `${count} runs`;
}
