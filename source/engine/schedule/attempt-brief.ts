import type {Check, Subtask} from '../../core/plan.ts';
import type {Payload} from '../../core/payload.ts';
import type {RunState} from '../../core/run-state.ts';
import type {AgentProfile} from '../../core/settings.ts';
import type {TeammateBrief} from '../../agents/agent.ts';
import type {AttemptSpec} from '../attempt/attempt-context.ts';
import type {Recorder} from '../log/recorder.ts';

/** Builds the input of an attempt, using only the state of the run. */
export async function specifyAttempt(
	recorder: Recorder,
	subtask: Subtask,
	attempt: {
		readonly number: number;
		readonly profile: AgentProfile;
		readonly base: string;
		readonly commandsAsk: boolean;
		/** Commands that need no permission. */
		readonly approved: readonly Check[];
		/** All subtasks of the plan, by id. */
		readonly subtasks: ReadonlyMap<string, Subtask>;
	},
): Promise<AttemptSpec> {
	const {state} = recorder;
	const read = async (payload: Parameters<Recorder['read']>[0] | undefined) =>
		payload === undefined ? undefined : recorder.read(payload);
	const before = state.subtasks.get(subtask.id);
	const brief: TeammateBrief = {
		agent: attempt.profile.name,
		colleagues: colleagues(state, attempt.profile.name),
		task: (await recorder.read(state.task)) ?? '',
		subtask,
		checks: subtask.checks.map(({command}) => command),
		dependencies:
			(await loggedDependencies(recorder, before?.dependencies)) ??
			(await describeDependencies(recorder, subtask, attempt.subtasks)),
		previous: before?.failure && {
			reason: before.failure.message,
			evidence: await read(before.evidence),
		},
		projectInstructions: await read(state.workspace?.instructions),
		commandsNeedPermission: attempt.commandsAsk,
	};
	return {
		subtask,
		attempt: attempt.number,
		profile: attempt.profile,
		base: attempt.base,
		brief,
		settings: recorder.settings(),
		approved: attempt.approved,
	};
}

async function loggedDependencies(
	recorder: Recorder,
	payload: Payload | undefined,
): Promise<TeammateBrief['dependencies'] | undefined> {
	const text = payload === undefined ? undefined : await recorder.read(payload);
	return text === undefined ? undefined : (JSON.parse(text) as TeammateBrief['dependencies']);
}

/** The current state of a subtask's dependencies. */
export async function describeDependencies(
	recorder: Recorder,
	subtask: Subtask,
	subtasks: ReadonlyMap<string, Subtask>,
): Promise<TeammateBrief['dependencies']> {
	const {state} = recorder;
	return Promise.all(
		subtask.dependsOn.map(async ({subtask: id}) => {
			const other = state.subtasks.get(id);
			const failed = other?.status === 'failed';
			return {
				id,
				title: subtasks.get(id)?.title ?? id,
				status: other?.status ?? 'pending',
				summary: (failed ? other.failure?.message : other?.summary) ?? '',
				...(failed && other.evidence !== undefined
					? {evidence: await recorder.read(other.evidence)}
					: {}),
			};
		}),
	);
}

function colleagues(state: RunState, agent: string): readonly string[] {
	return (state.team?.teammates ?? []).map(({name}) => name).filter(name => name !== agent);
}
