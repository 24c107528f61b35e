import type {Interface} from 'node:readline/promises';
import type {Output} from '../../reporters/reporter.ts';

/** An output that goes on above a question while one is open, so that neither garbles the other. */
export type PromptedOutput = Output & {
	/** From now on lines are printed above what `lines` asks; `undefined`: nothing is asked. */
	setQuestion(lines: Interface | undefined): void;
};

/** Back to the beginning of the line, and everything from there on cleared (ECMA-48 ED). */
const clearQuestion = '\r\u001B[J';

export function createPromptedOutput(output: Output): PromptedOutput {
	let question: Interface | undefined;
	return {
		write(text) {
			const asking = question;
			if (!asking) {
				output.write(text);
				return;
			}

			output.write(clearQuestion + text);
			void output.flush().then(() => {
				if (question === asking) {
					asking.prompt(true);
				}
			});
		},
		flush: async () => output.flush(),
		setQuestion(lines) {
			question = lines;
		},
	};
}
