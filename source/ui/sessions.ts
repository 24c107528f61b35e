import type {OwnedRun} from '../core/run.ts';
import type {RunKind, RunSession} from '../session/run-session.ts';

/**
 * The sessions of this view: runs of this process are followed to their end, others only while shown.
 */
export type Sessions = {
	/**
	 * Follows a run. A known run of this process is reused, and `opened` is aborted.
	 *
	 * @param opened aborts what was opened to view the run
	 */
	follow(run: RunKind, opened: AbortController, open: (run: RunKind) => RunSession): RunSession;
	/** Closes sessions of other processes' runs and replays. */
	leave(): void;
	/** All runs of this process, including ended ones. */
	own(): readonly OwnedRun[];
	close(): void;
};

export function createSessions(): Sessions {
	const sessions = new Map<
		string,
		{readonly session: RunSession; readonly opened: AbortController}
	>();

	const end = (id: string) => {
		const known = sessions.get(id);
		known?.session.close();
		known?.opened.abort();
		sessions.delete(id);
	};
	const leave = () => {
		for (const [id, {session}] of sessions) {
			if (session.source.kind !== 'own') {
				end(id);
			}
		}
	};

	return {
		follow(run, opened, open) {
			const {id} = run.run;
			const known = sessions.get(id)?.session;
			leave();
			if (known?.source.kind === 'own' && run.kind === 'attached') {
				opened.abort();
				return known;
			}

			end(id);
			const session = open(run);
			sessions.set(id, {session, opened});
			return session;
		},
		leave,
		own: () =>
			[...sessions.values()].flatMap(({session: {source}}) =>
				source.kind === 'own' ? [source.run] : [],
			),
		close() {
			for (const id of sessions.keys()) {
				end(id);
			}
		},
	};
}
