/**
 * The number of parameters in a label (`268.10M`) or in a model's name (`qwen3:0.6b`); `undefined` if it
 * names none. Mixtures (`8x7b`) name the size of one part, so they count as unknown.
 */
export function parametersIn(label: string): number | undefined {
	const [, number, unit] = /(?<![\da-z.])(\d+(?:\.\d+)?)\s*([bm])(?![\da-z])/i.exec(label) ?? [];
	return number === undefined
		? undefined
		: Math.round(Number(number) * (/b/i.test(unit ?? '') ? 1e9 : 1e6));
}
