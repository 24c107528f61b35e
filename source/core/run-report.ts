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

export const tokenCountSchema = z
	.object({
		calls: z.number().int(),
		input: z.number(),
		output: z.number(),
		total: z.number(),
		usd: z.number().default(0).describe('US dollars of the calls with a known price.'),
		unpriced: z.number().int().default(0).describe('Calls without a known price.'),
	})
	.meta({id: 'TokenCount', description: 'Model calls and their tokens.'});

export type TokenCount = z.infer<typeof tokenCountSchema>;

export const costSchema = z
	.object({
		usd: z
			.number()
			.nullable()
			.describe('US dollars of the calls with a known price; `null`: no call has one.'),
		unpricedCalls: z.number().int(),
	})
	.meta({id: 'Cost', description: 'What the calls cost.'});

const checkResultSchema = z
	.object({name: z.string(), passed: z.boolean()})
	.meta({id: 'CheckResult', description: 'A check of the program.'});

export const reportedSubtaskSchema = z
	.object({
		id: z.string(),
		status: z.string(),
		attempts: z.number().int(),
		agent: z.string().optional(),
		summary: z.string().optional(),
		reason: z.string().optional(),
		checks: z.array(checkResultSchema),
		files: z.array(z.string()).optional().describe('Paths that its change touched.'),
		usage: tokenCountSchema.optional().describe('Of all its attempts.'),
	})
	.meta({id: 'ReportedSubtask', description: 'A subtask and its result.'});

/** The final report of a run: what a script needs without reading the log. */
export const runReportSchema = z
	.object({
		outcome: z.enum(runOutcomes),
		exitCode: z.number().int(),
		reason: z.string(),
		next: z
			.string()
			.optional()
			.describe('The next command, quoted for a POSIX shell; absent: nothing is left to do.'),
		hint: z.string().optional().describe('What a person does before `next`, in words.'),
		subtasks: z.array(reportedSubtaskSchema),
		verified: z
			.boolean()
			.optional()
			.describe(
				'Whether a check of the result, or of a completed subtask, has passed. Absent in old reports.',
			),
		checks: z.array(checkResultSchema),
		usage: z.object({
			total: tokenCountSchema,
			models: z.record(z.string(), tokenCountSchema),
			agents: z.record(z.string(), tokenCountSchema),
		}),
		cost: costSchema,
		denied: z
			.array(
				z.object({
					agent: z.string().optional(),
					subtask: z.string().optional(),
					what: z.string(),
					by: z.string(),
				}),
			)
			.describe('Requests that were rejected, and by whom.'),
		delivered: z
			.object({
				files: z.array(z.string()),
				mode: z
					.string()
					.describe('`apply`: written to the directory; `branch`, `patch`: left beside it.'),
				target: z.string().optional().describe('The branch, or the path of the patch.'),
				reason: z.string().optional().describe('Why it was left beside the directory.'),
			})
			.nullable(),
		activeMs: z.number().describe('Time that processes worked on it, in ms.'),
	})
	.meta({id: 'Report', description: 'How a run ended.'});

export type RunReport = z.infer<typeof runReportSchema>;

/** Earlier versions put the hint before the command: `set the key; then: llm-orchestrator resume r1`. */
export function withSeparateHint(report: RunReport): RunReport {
	const [, hint, next] = /^(.+); then: (llm-orchestrator .+)$/s.exec(report.next ?? '') ?? [];
	return hint === undefined || next === undefined ? report : {...report, hint, next};
}
