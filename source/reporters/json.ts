import type {Output, Reporter} from './reporter.ts';

/**
 * JSON Lines: the events of the log, one a line, nothing else. Deltas only when asked for; they have
 * no place in the log and so no `seq`.
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
