import type {Output, Reporter} from './reporter.ts';

/**
 * JSON Lines: the events of the log, one per line, and nothing else. Deltas are optional; they are
 * not in the log and have no `seq`.
 */
export function createJsonReporter(
	output: Output,
	{includeDeltas}: {readonly includeDeltas: boolean},
): Reporter {
	return {
		event(event) {
			output.write(`${JSON.stringify(event)}\n`);
		},
		delta(delta) {
			if (includeDeltas) {
				output.write(`${JSON.stringify({v: 1, type: 'delta', ...delta})}\n`);
			}
		},
		end: async () => output.flush(),
	};
}
