import type {Interface} from 'node:readline/promises';
import type {Output} from '../../reporters/reporter.ts';

/** An output that continues above an open prompt, so that neither garbles the other. */
export type PromptedOutput = Output & {
	/** Prints later lines above the prompt of `lines`; `undefined`: there is no prompt. */
	setPrompt(lines: Interface | undefined): void;
};

/** Returns to the start of the line and clears everything after it (ECMA-48 ED). */
const clearPrompt = '\r\u001B[J';

export function createPromptedOutput(output: Output): PromptedOutput {
	let prompt: Interface | undefined;
	return {
		write(text) {
			const open = prompt;
			if (!open) {
				output.write(text);
				return;
			}

			output.write(clearPrompt + text);
			void output.flush().then(() => {
				if (prompt === open) {
					open.prompt(true);
				}
			});
		},
		flush: async () => output.flush(),
		setPrompt(lines) {
			prompt = lines;
		},
	};
}
