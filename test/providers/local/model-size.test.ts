import {expect, test} from 'vitest';
import {parametersIn} from '../../../source/providers/local/model-size.ts';

test.each([
	['268.10M', 268.1e6],
	['8.0B', 8e9],
	['gemma3:270m', 270e6],
	['qwen3:0.6b', 0.6e9],
	['Qwen2.5-0.5B-Instruct-Q4_K_M.gguf', 0.5e9],
	['smollm2-135m', 135e6],
	['llama3.2:1b-instruct-q8_0', 1e9],
	['gpt-oss-120b', 120e9],
])('%s tells its number of parameters', (label, parameters) => {
	expect(parametersIn(label)).toBe(parameters);
});

test.each(['mixtral:8x7b', 'phi-4-mini', 'gemma3n:e2b', 'model-q4_k_m', 'my-v2', ''])(
	'"%s" does not tell it',
	label => {
		expect(parametersIn(label)).toBeUndefined();
	},
);
