import {createJsonReporter, type JsonReporter} from '../../reporters/json.ts';
import type {ReadBlob} from '../../core/payload.ts';
import type {Output} from '../../reporters/reporter.ts';
import type {FlagValues} from '../argv/command.ts';
import {switchFlag} from '../argv/flags.ts';

/** The reporter of `--json`, as its other flags want it: `--include-deltas`, `--full`. */
export function createJsonLines(output: Output, flags: FlagValues, read: ReadBlob): JsonReporter {
	return createJsonReporter(output, {
		includeDeltas: switchFlag(flags, 'includeDeltas'),
		now: Date.now,
		read: switchFlag(flags, 'full') ? read : undefined,
	});
}
