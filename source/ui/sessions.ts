import type {StartedRun} from '../core/actions.ts';
import type {RunKind, RunSession} from '../session/run-session.ts';

/** The runs that this view follows: those of this process to their end, others while they are looked at. */
export type Sessions = {
	/**
	 * Follows a run. A run of this process that is known is not followed a second time: what was opened
	 * to look at it ends.
	 *
	 * @param opened ends what was opened for a run that is only looked at
	 */
	follow(run: RunKind, opened: AbortController, open: (run: RunKind) => RunSession): RunSession;
	/** Ends what was only looked at. */
	leave(): void;
	/** The runs of this process, over or not. */
	own(): readonly StartedRun[];
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
