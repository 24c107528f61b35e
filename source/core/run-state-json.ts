import {z} from 'zod';
import {payloadSchema} from './payload.ts';
import {runReportSchema, tokenCountSchema} from './run-report.ts';
import {
	agentStateSchema,
	approvalStateSchema,
	checkStateSchema,
	deliveryStateSchema,
	deniedSchema,
	messageStateSchema,
	modelSwitchSchema,
	planStateSchema,
	reservedSchema,
	runStatuses,
	subtaskStateSchema,
	workspaceStateSchema,
} from './run-state-entries.ts';
import {emptyRunState, type RunState} from './run-state.ts';
import {runSettingsSchema, teamSchema} from './settings.ts';

/**
 * The state of a run as JSON, for clients outside this process. Applying the events after `seq`
 * (`applyEvent`) gives the state at any later event. What is undefined in a `RunState` is absent here;
 * maps are lists of their entries in order, or objects if the entries have no name.
 */
export const runStateJsonSchema = z.object({
	run: z.string(),
	/** Number of the last event in it. */
	seq: z.number().int(),
	epoch: z.number().int(),
	status: z.enum(runStatuses),
	startedAt: z.string(),
	changedAt: z.string(),
	task: payloadSchema,
	directory: z.string(),
	team: teamSchema.optional(),
	settings: runSettingsSchema.optional(),
	startedWith: runSettingsSchema.optional(),
	workspace: workspaceStateSchema.optional(),
	head: z.string().optional(),
	plan: planStateSchema.optional(),
	planning: z.number().int().optional(),
	revisionWanted: z.object({by: z.literal('person'), reason: z.string()}).optional(),
	leadInterrupted: z.boolean(),
	feedback: z.array(payloadSchema),
	subtasks: z.array(subtaskStateSchema),
	agents: z.array(agentStateSchema),
	approvals: z.array(approvalStateSchema),
	messages: z.array(messageStateSchema),
	finalChecks: z.array(checkStateSchema),
	usage: z.object({
		total: tokenCountSchema,
		models: z.record(z.string(), tokenCountSchema),
		lost: z.number(),
		lostUsd: z.number(),
	}),
	openCalls: z.record(z.string(), reservedSchema),
	denied: z.array(deniedSchema),
	delivery: deliveryStateSchema.optional(),
	switches: z.record(z.string(), modelSwitchSchema),
	cancelRequested: z.boolean(),
	inboxSeen: z.array(z.string()),
	activeMs: z.number(),
	report: runReportSchema.optional(),
	endedAt: z.string().optional(),
});

export type RunStateJson = z.infer<typeof runStateJsonSchema>;

/** A copy of the state, ready for `JSON.stringify`. */
export function runStateToJson(state: RunState): RunStateJson {
	const {subtasks, agents, approvals, messages, finalChecks, usage} = state;
	return runStateJsonSchema.parse({
		...state,
		subtasks: [...subtasks.values()],
		agents: [...agents.values()],
		approvals: [...approvals.values()],
		messages: [...messages.values()],
		finalChecks: [...finalChecks.values()],
		usage: {...usage, models: Object.fromEntries(usage.models)},
		openCalls: Object.fromEntries(state.openCalls),
		switches: Object.fromEntries(state.switches),
		inboxSeen: [...state.inboxSeen],
	});
}

/** The state that `runStateToJson` was given. Throws a `ZodError` if the JSON has another shape. */
export function runStateFromJson(value: unknown): RunState {
	const json = runStateJsonSchema.parse(value);
	return {
		...emptyRunState(),
		...json,
		subtasks: new Map(json.subtasks.map(subtask => [subtask.id, subtask])),
		agents: new Map(json.agents.map(agent => [agent.name, agent])),
		approvals: new Map(json.approvals.map(approval => [approval.id, approval])),
		messages: new Map(json.messages.map(message => [message.id, message])),
		finalChecks: new Map(json.finalChecks.map(check => [check.name, check])),
		usage: {...json.usage, models: new Map(Object.entries(json.usage.models))},
		openCalls: new Map(Object.entries(json.openCalls)),
		switches: new Map(Object.entries(json.switches)),
		inboxSeen: new Set(json.inboxSeen),
	};
}
