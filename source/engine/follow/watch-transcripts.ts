import type {AgentDelta} from '../../core/run.ts';
import type {Store} from '../../store/store.ts';

/**
 * Implements `Run.watch` for a run owned by another process: follows the transcripts of its agents while
 * there are listeners.
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
			// Live text is best effort; the log is authoritative.
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
