import {z} from 'zod';
import {jsonValueSchema} from './json.ts';

export const approveModes = ['ask', 'criteria', 'all'] as const;
export const permissionModes = ['ask', 'edits', 'sandboxed', 'all'] as const;

export const unpricedModes = ['allow', 'block'] as const;
export const unverifiedModes = ['allow', 'block'] as const;

export type PermissionMode = (typeof permissionModes)[number];

/** Values of `--provider`. `demo` is the scripted model of the sample run. */
export const providerTypes = [
	'anthropic',
	'openai',
	'ollama',
	'lmstudio',
	'llama-server',
	'demo',
] as const;

export type ProviderType = (typeof providerTypes)[number];

/** Whether a provider is named by its type rather than as a service. */
export function isProviderType(name: string): name is ProviderType {
	return providerTypes.some(type => type === name);
}

/** The settings that a run was started with; `null`: no limit. */
export const runSettingsSchema = z.object({
	approve: z.enum(approveModes),
	permission: z.enum(permissionModes),
	/** Subtasks at once. */
	maxParallel: z.number().int().min(1),
	/** Model calls per attempt. */
	maxTurns: z.number().int().min(1),
	/** Attempts per subtask, unless the plan says otherwise. */
	maxAttempts: z.number().int().min(1),
	/** Tokens of the entire run, over resumes. */
	maxTokens: z.number().int().min(1).nullable(),
	/** US dollars of the entire run, over resumes. */
	maxUsd: z.number().positive().nullable().default(null),
	/** Whether calls without a known price are allowed when there is a limit in dollars. */
	unpriced: z.enum(unpricedModes).default('allow'),
	/** Whether `criteria` approve a plan without any check. */
	unverified: z.enum(unverifiedModes).default('block'),
	/** Active time of the entire run in ms, over resumes. */
	timeoutMs: z.number().int().min(1).nullable(),
	/** How long to wait for a person's decision, in ms. */
	decisionTimeoutMs: z.number().int().min(1).nullable(),
	/** Whether somebody can answer: a terminal, or an explicit `--approve ask`. */
	attended: z.boolean(),
	/** The person's checks, run on the merged result in addition to the plan's. */
	checks: z.array(z.string()),
	planOnly: z.boolean(),
	/** Time limit of one command or check, in ms. */
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
	unverified: 'block',
	unpriced: 'allow',
	timeoutMs: null,
	decisionTimeoutMs: null,
	attended: false,
	checks: [],
	planOnly: false,
	commandTimeoutMs: 10 * 60_000,
};

const reasoningEfforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;

/** What requests to a model ask for beyond the conversation. Absent: the server decides. */
export const requestOptionsSchema = z.object({
	reasoningEffort: z.enum(reasoningEfforts).optional(),
	temperature: z.number().min(0).max(2).optional(),
	/** Tokens of an answer. */
	maxOutputTokens: z.number().int().min(256).max(1_000_000).optional(),
	/** Ollama: how long the model stays loaded, as `10m`, or seconds; -1: for ever. */
	keepAlive: z.union([z.string(), z.number()]).optional(),
	/** More fields of the request, in the protocol of the server. */
	body: z.record(z.string(), jsonValueSchema).optional(),
});

export type RequestOptions = z.infer<typeof requestOptionsSchema>;

/**
 * Dialects of the chat completions API that need more than its standard. `openai`: the vendor's own models,
 * behind a gateway.
 */
export const dialectNames = ['openai', 'deepseek', 'mistral', 'gemini'] as const;

export type DialectName = (typeof dialectNames)[number];

/** A model at an address. */
export const modelTargetSchema = requestOptionsSchema.extend({
	/** A type of provider, or the name of a service. */
	provider: z.string(),
	/** The type of a service with a name. */
	type: z.enum(providerTypes).optional(),
	/** The environment variable that holds the key. Default: the type's, for its own address only. */
	keyVariable: z.string().optional(),
	/** The dialect of the server. Default: as its address and the name of the model tell. */
	dialect: z.enum(dialectNames).optional(),
	/** The price list of the service. Default: the vendor's, at its own address only. */
	priceList: z.string().optional(),
	/** Added to the address of every request; `$NAME` is replaced as in headers. */
	query: z.record(z.string(), z.string()).optional(),
	/** Empty: the provider's default; for local servers, the available model. */
	model: z.string(),
	baseUrl: z.string().optional(),
	/** Sent with every request; `$NAME` in a value is replaced by the environment variable. */
	headers: z.record(z.string(), z.string()).optional(),
	/** Context size to request from a local server, in tokens. */
	contextTokens: z.number().int().min(1).optional(),
	/** Concurrent calls to this endpoint; absent: as the server reports, unlimited for vendors. */
	parallelCalls: z.number().int().min(1).optional(),
});

export type ModelTarget = z.infer<typeof modelTargetSchema>;

/** An agent of a team: its name, and its model. */
export const agentProfileSchema = modelTargetSchema.extend({
	name: z.string(),
	/** Tried in this order when its provider fails permanently. */
	fallbacks: z.array(modelTargetSchema).optional(),
});

export type AgentProfile = z.infer<typeof agentProfileSchema>;

export const teamSchema = z.object({
	name: z.string(),
	lead: agentProfileSchema,
	teammates: z.array(agentProfileSchema).min(1),
});

export type Team = z.infer<typeof teamSchema>;
