import {z} from 'zod';

/** The verdict of one criterion on a plan. `reasons` are sentences for people and for the lead. */
export const verdictSchema = z.object({
	criterion: z.string(),
	result: z.enum(['pass', 'warn', 'fail']),
	reasons: z.array(z.string()),
	hint: z.string().optional().describe('What a person can do if it fails; the lead cannot.'),
});

export type Verdict = z.infer<typeof verdictSchema>;

/** What needs approval. An approval belongs to one plan revision or one tool call. */
export const approvalSubjectSchema = z.discriminatedUnion('kind', [
	z.object({kind: z.literal('plan'), revision: z.number().int(), hash: z.string()}),
	z.object({
		kind: z.literal('tool'),
		agent: z.string(),
		subtask: z.string().optional(),
		attempt: z.number().int().optional(),
		tool: z.string(),
		/** One-line summary of the call: `edit_file src/a.ts (+3 −1)`. */
		summary: z.string(),
		/** The full command or change, never shortened. */
		detail: z.string(),
		directory: z.string(),
		reason: z.string(),
	}),
	z.object({
		kind: z.literal('interrupted-command'),
		subtask: z.string(),
		attempt: z.number().int(),
		command: z.string(),
	}),
]);

export type ApprovalSubject = z.infer<typeof approvalSubjectSchema>;

/** Who decided: a person, the criteria, `--approve all`, nobody (no terminal), or the deadline. */
const decisionOriginSchema = z.enum(['person', 'criteria', 'all', 'nobody', 'deadline']);

export const decisionSchema = z.object({
	decision: z.enum(['approve', 'reject']),
	/** `always` also covers later requests with exactly the same detail in this run. */
	scope: z.enum(['once', 'always']),
	feedback: z.string().optional(),
	origin: decisionOriginSchema,
});

export type Decision = z.infer<typeof decisionSchema>;

/** Whether a call is allowed, needs a decision, or is always denied. */
export type Permission =
	| {readonly kind: 'allow'}
	| {readonly kind: 'ask'}
	| {readonly kind: 'deny'; readonly reason: string};
