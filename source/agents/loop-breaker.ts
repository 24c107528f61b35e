import {createHash} from 'node:crypto';

/** What to do with an agent that may be looping. */
export type LoopVerdict = 'continue' | 'withhold-tools' | 'end';

export type LoopBreaker = {
	/** Records a finished call. `changed`: it changed a file of the workspace. */
	record(call: {
		name: string;
		argumentsText: string;
		result: string;
		changed: boolean;
	}): LoopVerdict;
};

const sameCallLimit = 3;
const sameCallEnd = 5;
const sameToolLimit = 8;
const window = 20;

/**
 * Detects loops: the same call with the same result three times (five end the attempt), or one tool
 * eight times in the last twenty calls without any change in between.
 */
export function createLoopBreaker(): LoopBreaker {
	let recent: {name: string; print: string}[] = [];
	return {
		record({name, argumentsText, result, changed}) {
			if (changed) {
				recent = [];
				return 'continue';
			}

			const print = createHash('sha256')
				.update(JSON.stringify([name, argumentsText, result]))
				.digest('hex');
			recent = [...recent, {name, print}].slice(-window);
			const same = recent.filter(entry => entry.print === print).length;
			const ofTool = recent.filter(entry => entry.name === name).length;
			if (same >= sameCallEnd) {
				return 'end';
			}

			return same >= sameCallLimit || (ofTool >= sameToolLimit && same > 1)
				? 'withhold-tools'
				: 'continue';
		},
	};
}
