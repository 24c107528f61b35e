import {createHash} from 'node:crypto';

/** What to do with an agent that may be going round in circles. */
export type LoopVerdict = 'go-on' | 'withhold-tools' | 'end';

export type LoopBreaker = {
	/** Takes a finished call into account. `changed`: a file of the workspace changed by it. */
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
 * Finds loops: the same call with the same result three times (five end the attempt), or one tool
 * eight times among the last twenty calls without any change in between.
 */
export function createLoopBreaker(): LoopBreaker {
	let recent: {name: string; print: string}[] = [];
	return {
		record({name, argumentsText, result, changed}) {
			if (changed) {
				recent = [];
				return 'go-on';
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
				: 'go-on';
		},
	};
}
