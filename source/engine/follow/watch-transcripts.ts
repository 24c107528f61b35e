import type {AgentDelta} from '../../core/run.ts';
import type {Store} from '../../store/store.ts';

/**
 * The live text of the agents of a run that another process works on: their transcripts are followed
 * while somebody watches. Returns the `watch` of such a run.
 */
export function watchTranscripts(
	store: Pick<Store, 'followTranscript'>,
	run: string,
	agents: () => readonly string[],
	signal: AbortSignal,
): (listener: (delta: AgentDelta) => void) => () => void {
	const listeners = new Set<(delta: AgentDelta) => void>();
	let watching: AbortController | undefined;

	const follow = async (agent: string, until: AbortSignal) => {
		for await (const {kind, text, time} of store.followTranscript(run, agent, until)) {
			for (const listener of listeners) {
				listener({agent, kind, text, time});
			}
		}
	};

	const start = (): AbortController => {
		const stop = new AbortController();
		const until = AbortSignal.any([signal, stop.signal]);
		for (const agent of agents()) {
			// Live text may be lost; how the run itself goes is told by its log.
			follow(agent, until).catch(() => undefined);
		}

		return stop;
	};

	return listener => {
		listeners.add(listener);
		watching ??= start();
		return () => {
			listeners.delete(listener);
			if (listeners.size === 0) {
				watching?.abort();
				watching = undefined;
			}
		};
	};
}
