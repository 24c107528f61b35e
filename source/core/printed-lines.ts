import {z} from 'zod';

/** With `--include-deltas`: what an agent says or prints right now. Not in the log, so without `seq`. */
export const deltaLineSchema = z.object({
	v: z.literal(1),
	type: z.literal('delta'),
	run: z.string(),
	/** Wall clock, ISO 8601 with milliseconds. */
	time: z.string(),
	agent: z.string(),
	kind: z.enum(['text', 'thinking', 'output']),
	text: z.string(),
});

export type DeltaLine = z.infer<typeof deltaLineSchema>;

/** With `--json`: why a command failed, if that is not part of a run's report. */
export const errorLineSchema = z.object({
	v: z.literal(1),
	type: z.literal('error'),
	message: z.string(),
	/** What to do next. */
	hint: z.string().optional(),
	exitCode: z.number().int(),
});

export type ErrorLine = Omit<z.infer<typeof errorLineSchema>, 'hint'> & {
	readonly hint: string | undefined;
};
