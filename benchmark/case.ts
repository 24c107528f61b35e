import {z} from 'zod';
import {spreadSchema} from './spread.ts';

/** A measured figure, with its baseline and target. */
const measuredSchema = z.object({
	kind: z.literal('measured'),
	name: z.string(),
	unit: z.string(),
	measured: spreadSchema,
	/** The best the machine can do, measured alternately with the figure. */
	floor: z.object({name: z.string(), measured: spreadSchema}).optional(),
	/**
	 * `ratio`: the median relative to that of the floor; `median`: the figure itself, in its unit.
	 */
	target: z.object({of: z.enum(['ratio', 'median']), atMost: z.number()}).optional(),
});

/** A condition that is met or not. */
const checkedSchema = z.object({
	kind: z.literal('checked'),
	name: z.string(),
	passed: z.boolean(),
	detail: z.string(),
});

export const figureSchema = z.discriminatedUnion('kind', [measuredSchema, checkedSchema]);

export type Figure = z.infer<typeof figureSchema>;
export type MeasuredFigure = z.infer<typeof measuredSchema>;

/** The `benchmark` export of every `*.case.ts`. It runs in its own process. */
export type BenchmarkCase = {
	/** One line for the table. */
	readonly title: string;
	/** @param scratch an empty directory that is removed afterwards. */
	readonly run: (scratch: string) => Promise<readonly Figure[]>;
};

/** The median as a multiple of the floor's; `undefined` without a floor. */
export function ratioOf({measured, floor}: MeasuredFigure): number | undefined {
	return floor && measured.median / floor.measured.median;
}

/** `undefined` if the figure has no target. */
export function isMet(figure: Figure): boolean | undefined {
	if (figure.kind === 'checked') {
		return figure.passed;
	}

	const {measured, target} = figure;
	const reached = target?.of === 'ratio' ? ratioOf(figure) : measured.median;
	return target && reached !== undefined && reached <= target.atMost;
}
