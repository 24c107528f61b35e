import type {Io} from './io.ts';

/** Names what broke the full-screen view, if something did. Returns the exit code. */
export function tellProblem(problem: Error | undefined, io: Io): number {
	if (!problem) {
		return 0;
	}

	io.complain(`internal error in the full-screen view: ${problem.message} → please report it`);
	if (io.environment['DEBUG']?.includes('llm-orchestrator') === true) {
		io.complain(problem.stack ?? '');
	}

	return 1;
}
