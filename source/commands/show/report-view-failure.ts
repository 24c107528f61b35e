import {revealHidden} from '../../core/text.ts';
import type {Io} from '../process/io.ts';

/** Names what broke the full-screen view, if something did. Returns the exit code. */
export function tellProblem(problem: Error | undefined, io: Io): number {
	if (!problem) {
		return 0;
	}

	const what = revealHidden(problem.message);
	io.complain(`internal error in the full-screen view: ${what} → please report it`);
	if (io.environment['DEBUG']?.includes('llm-orchestrator') === true) {
		io.complain(revealHidden(problem.stack ?? ''));
	}

	return 1;
}
