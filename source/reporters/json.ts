import type {DeltaLine} from '../core/printed-lines.ts';
import type {Output, Reporter} from './reporter.ts';

/**
 * JSON Lines: the events of the log, one per line, and nothing else. Deltas are optional; they are
 * not in the log and have no `seq`.
 */
export function createJsonReporter(
	output: Output,
	{includeDeltas, now}: {readonly includeDeltas: boolean; readonly now: () => number},
): Reporter {
	let run = '';
	return {
		event(event) {
			({run} = event);
			output.write(`${JSON.stringify(event)}\n`);
		},
		delta(delta) {
			if (includeDeltas) {
				const time = delta.time ?? new Date(now()).toISOString();
				const line: DeltaLine = {v: 1, type: 'delta', run, ...delta, time};
				output.write(`${JSON.stringify(line)}\n`);
			}
		},
		end: async () => output.flush(),
	};
}
