import {z} from 'zod';

export const runOutcomes = [
	'completed',
	'failed',
	'rejected',
	'no-provider',
	'limit-reached',
	'undecided',
	'store-failed',
	'cancelled',
	'interrupted',
	'terminated',
	'planned',
] as const;

export type RunOutcome = (typeof runOutcomes)[number];

/** Exit code of the program for each outcome. */
export const exitCodes: Readonly<Record<RunOutcome, number>> = {
	completed: 0,
	planned: 0,
	failed: 1,
	rejected: 3,
	'no-provider': 4,
	'limit-reached': 5,
	undecided: 6,
	'store-failed': 8,
	cancelled: 9,
	interrupted: 130,
	terminated: 143,
};

/** Exit code of a completed run whose change was left beside the directory, on a branch or in a patch. */
export const besideExitCode = 10;

/** Exit code of a wrong call or configuration; nothing ran. */
export const usageExitCode = 2;

/** Exit code if another process owns the run, or if a command needs an owner and there is none. */
export const lockedExitCode = 7;

const finishingOutcomes: ReadonlySet<RunOutcome> = new Set([
	'completed',
	'failed',
	'rejected',
	'cancelled',
]);

/** Whether the log ends with `run-finished`; runs with any other outcome can be resumed. */
export function isFinishing(outcome: RunOutcome): boolean {
	return finishingOutcomes.has(outcome);
}

export const tokenCountSchema = z.object({
	calls: z.number().int(),
	input: z.number(),
	output: z.number(),
	total: z.number(),
	/** US dollars of the calls with a known price. */
	usd: z.number().default(0),
	/** Calls without a known price. */
	unpriced: z.number().int().default(0),
});

export type TokenCount = z.infer<typeof tokenCountSchema>;

/** The final report of a run: what a script needs without reading the log. */
export const runReportSchema = z.object({
	outcome: z.enum(runOutcomes),
	exitCode: z.number().int(),
	reason: z.string(),
	/** The next command to type, if any. */
	next: z.string().optional(),
	subtasks: z.array(
		z.object({
			id: z.string(),
			status: z.string(),
			attempts: z.number().int(),
			agent: z.string().optional(),
			summary: z.string().optional(),
			reason: z.string().optional(),
			checks: z.array(z.object({name: z.string(), passed: z.boolean()})),
			/** Paths that its change touched. */
			files: z.array(z.string()).optional(),
			/** Of all its attempts. */
			usage: tokenCountSchema.optional(),
		}),
	),
	/** Whether a check of the result, or of a completed subtask, has passed. Absent in old reports. */
	verified: z.boolean().optional(),
	checks: z.array(z.object({name: z.string(), passed: z.boolean()})),
	usage: z.object({
		total: tokenCountSchema,
		models: z.record(z.string(), tokenCountSchema),
		agents: z.record(z.string(), tokenCountSchema),
	}),
	/** US dollars of the calls with a known price; `null`: none. */
	cost: z.object({usd: z.number().nullable(), unpricedCalls: z.number().int()}),
	denied: z.array(
		z.object({
			agent: z.string().optional(),
			subtask: z.string().optional(),
			what: z.string(),
			by: z.string(),
		}),
	),
	delivered: z
		.object({
			files: z.array(z.string()),
			/** `apply`: written to the directory; `branch`, `patch`: left beside it. */
			mode: z.string(),
			/** The branch, or the path of the patch. */
			target: z.string().optional(),
			/** Why it was left beside the directory. */
			reason: z.string().optional(),
		})
		.nullable(),
	activeMs: z.number(),
});

export type RunReport = z.infer<typeof runReportSchema>;
