import {z} from 'zod';

export const spreadSchema = z.object({
	min: z.number(),
	median: z.number(),
	max: z.number(),
	/** Number of values. */
	count: z.number(),
});

export type Spread = z.infer<typeof spreadSchema>;

export function spreadOf(values: readonly number[]): Spread {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle];
	const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
	const [min] = sorted;
	const max = sorted.at(-1);
	if (min === undefined || max === undefined || lower === undefined || upper === undefined) {
		throw new Error('no values to summarize');
	}

	return {min, median: (lower + upper) / 2, max, count: sorted.length};
}

/** The value that a share (0 to 1) of all values does not exceed, by nearest rank. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	const value = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1];
	if (value === undefined) {
		throw new Error('no values for a quantile');
	}

	return value;
}

type Measurement<Name extends string> = Readonly<
	Record<Name, () => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>>
>;

/**
 * Repeats measurements in turn, so that changes of the machine's speed affect all of them alike,
 * and summarizes their values. Collects garbage before each one.
 */
export async function measureInTurn<Name extends string>(
	{warmUps, repetitions}: {readonly warmUps: number; readonly repetitions: number},
	measurements: Measurement<Name>,
): Promise<(name: Name, value: string) => Spread> {
	const values = new Map<string, number[]>();
	for (let round = -warmUps; round < repetitions; round++) {
		for (const name of Object.keys(measurements) as Name[]) {
			globalThis.gc?.();
			const measured = await measurements[name]();
			for (const [value, number] of Object.entries(round < 0 ? {} : measured)) {
				const key = `${name} ${value}`;
				values.set(key, [...(values.get(key) ?? []), number]);
			}
		}
	}

	return (name, value) => spreadOf(values.get(`${name} ${value}`) ?? []);
}
