import type {SteeringCommand} from '../../core/steering-command.ts';
import type {Recorder} from './recorder.ts';

/** Processes a run's inbox until aborted: applies each command, makes its receipt durable, removes its file. */
export function readInbox(
	recorder: Recorder,
	carryOut: (command: SteeringCommand, id: string) => void,
	signal: AbortSignal,
): {readonly settled: () => Promise<void>} {
	const {inbox} = recorder.log;
	let reading: Promise<void> = Promise.resolve();
	let wanted = false;

	const read = async () => {
		while (wanted && !signal.aborted) {
			wanted = false;
			const entries = await inbox.take();
			const answered: string[] = [];
			for (const entry of entries) {
				// The rest stays in the inbox until the run is resumed.
				if (signal.aborted) {
					break;
				}

				answered.push(entry.id);
				if (recorder.state.inboxSeen.has(entry.id)) {
					continue;
				}

				if ('command' in entry) {
					carryOut(entry.command, entry.id);
				} else {
					recorder.emit({type: 'inbox-refused', file: entry.id, problem: entry.problem});
				}
			}

			if (answered.length > 0) {
				await recorder.barrier();
				await Promise.all(answered.map(async id => inbox.remove(id)));
			}
		}
	};

	const wake = () => {
		if (!wanted) {
			wanted = true;
			// A failing store also fails at the next barrier, which ends the run.
			reading = reading.then(read).catch(() => undefined);
		}
	};

	inbox.watch(wake, signal);
	wake();
	return {settled: async () => reading};
}
