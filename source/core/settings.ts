import {z} from 'zod';

export const approveModes = ['ask', 'criteria', 'all'] as const;
export const permissionModes = ['ask', 'edits', 'sandboxed', 'all'] as const;

export const unpricedModes = ['allow', 'block'] as const;

export type PermissionMode = (typeof permissionModes)[number];

/** What a person writes after `--provider`. `demo` is the scripted model of the sample run. */
export const providerTypes = [
	'anthropic',
	'openai',
	'ollama',
	'lmstudio',
	'llama-server',
	'demo',
] as const;

export type ProviderType = (typeof providerTypes)[number];

/** The settings that one run was started with; `null` means without limit. */
export const runSettingsSchema = z.object({
	approve: z.enum(approveModes),
	permission: z.enum(permissionModes),
	/** Subtasks at once. */
	maxParallel: z.number().int().min(1),
	/** Model calls of one attempt. */
	maxTurns: z.number().int().min(1),
	/** Attempts of one subtask, unless the plan says otherwise. */
	maxAttempts: z.number().int().min(1),
	/** Tokens of the whole run, over resumes. */
	maxTokens: z.number().int().min(1).nullable(),
	/** US dollars of the whole run, over resumes. */
	maxUsd: z.number().positive().nullable().default(null),
	/** Whether calls without a known price may be made where there is a limit in dollars. */
	unpriced: z.enum(unpricedModes).default('allow'),
	/** Active time of the whole run in ms, over resumes. */
	timeoutMs: z.number().int().min(1).nullable(),
	/** How long a request may wait for a person, in ms. */
	decisionTimeoutMs: z.number().int().min(1).nullable(),
	/** Whether somebody can answer: a terminal, or an explicit `--approve ask`. */
	attended: z.boolean(),
	/** Checks of the person, run on the merged result beside those of the plan. */
	checks: z.array(z.string()),
	planOnly: z.boolean(),
	/** Longest time of one command or check, in ms. */
	commandTimeoutMs: z.number().int().min(1),
});

export type RunSettings = z.infer<typeof runSettingsSchema>;

export const defaultRunSettings: RunSettings = {
	approve: 'criteria',
	permission: 'sandboxed',
	maxParallel: 3,
	maxTurns: 40,
	maxAttempts: 2,
	maxTokens: null,
	maxUsd: null,
	unpriced: 'allow',
	timeoutMs: null,
	decisionTimeoutMs: null,
	attended: false,
	checks: [],
	planOnly: false,
	commandTimeoutMs: 10 * 60_000,
};

/** A model at an address. */
export const modelTargetSchema = z.object({
	provider: z.string(),
	/** Empty: the provider's default, for local servers the model that is there. */
	model: z.string(),
	baseUrl: z.string().optional(),
	/** Sent with every request; `$NAME` in a value stands for the variable of the environment. */
	headers: z.record(z.string(), z.string()).optional(),
	/** Tokens of context to ask a local server for. */
	contextTokens: z.number().int().min(1).optional(),
	/** Calls to this endpoint at once; absent: what the server says, for vendors without limit. */
	parallelCalls: z.number().int().min(1).optional(),
});

export type ModelTarget = z.infer<typeof modelTargetSchema>;

/** An agent of a team: its name, and the model behind it. */
export const agentProfileSchema = modelTargetSchema.extend({
	name: z.string(),
	/** What it turns to, in this order, when its provider fails for good. */
	fallbacks: z.array(modelTargetSchema).optional(),
});

export type AgentProfile = z.infer<typeof agentProfileSchema>;

export const teamSchema = z.object({
	name: z.string(),
	lead: agentProfileSchema,
	teammates: z.array(agentProfileSchema).min(1),
});

export type Team = z.infer<typeof teamSchema>;
