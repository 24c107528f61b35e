import {z} from 'zod';

export const approveModes = ['ask', 'criteria', 'all'] as const;
export const permissionModes = ['ask', 'edits', 'sandboxed', 'all'] as const;

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
	timeoutMs: null,
	decisionTimeoutMs: null,
	attended: false,
	checks: [],
	planOnly: false,
	commandTimeoutMs: 10 * 60_000,
};

/** An agent of a team: its name, and the provider and model behind it. */
export const agentProfileSchema = z.object({
	name: z.string(),
	provider: z.string(),
	model: z.string(),
	baseUrl: z.string().optional(),
});

export type AgentProfile = z.infer<typeof agentProfileSchema>;

export const teamSchema = z.object({
	name: z.string(),
	lead: agentProfileSchema,
	teammates: z.array(agentProfileSchema).min(1),
});

export type Team = z.infer<typeof teamSchema>;
