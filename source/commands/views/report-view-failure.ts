import {revealHidden} from '../../core/text.ts';
import type {Io} from '../process/io.ts';

/** Reports an error of the full-screen view, if there is one. Returns the exit code. */
export function reportViewFailure(problem: Error | undefined, io: Io): number {
	if (!problem) {
		return 0;
	}

	const what = revealHidden(problem.message);
	io.printError(`internal error in the full-screen view: ${what} → please report it`);
	if (io.environment['DEBUG']?.includes('llm-orchestrator') === true) {
		io.printError(revealHidden(problem.stack ?? ''));
	}

	return 1;
}
