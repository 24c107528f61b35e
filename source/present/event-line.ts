import type {EventOf, RunEvent} from '../core/run-event.ts';
import {requestSummary} from '../core/open-approvals.ts';
import type {RunState} from '../core/run-state.ts';
import {revealHidden, sanitizeLine, shorten} from '../core/text.ts';
import {agentLine} from './agent-line.ts';
import type {Line} from './line.ts';
import {counted, duration, failureLine, money, statusGlyphs, tokens} from './words.ts';

/**
 * What an event says to a person who follows a run, in at most one line; `undefined` for events that
 * only machines need. Text of others is sanitized.
 */
export function lineOf(event: RunEvent, state: RunState): Line | undefined {
	const line = describe(event, state);
	return line && {...line, subject: sanitizeLine(line.subject), text: sanitizeLine(line.text)};
}

function describe(event: RunEvent, state: RunState): Line | undefined {
	switch (event.type) {
		case 'run-resumed':
			return {subject: 'run', text: `resumed ${event.run}`, tone: 'heading'};
		case 'run-paused':
			return {subject: 'run', text: `paused ${event.reason}`, tone: 'warning'};
		case 'run-unpaused':
			return {subject: 'run', text: 'goes on', tone: 'plain'};
		case 'workspace-prepared': {
			const what = event.kind === 'git' ? 'the repository' : 'the directory';
			const text = `took a snapshot of ${what}: ${counted(event.files, 'file')}`;
			return {subject: 'run', text, tone: 'quiet'};
		}

		case 'planning-started':
			return {
				subject: 'lead',
				text:
					event.revision === 1 ? 'plans the task' : `makes revision ${event.revision} of the plan`,
				tone: 'plain',
			};
		case 'plan-refused':
			return {
				subject: 'lead',
				text: `gave no valid plan (try ${event.try}): ${event.problems.join('; ')}`,
				tone: 'warning',
			};
		case 'plan-proposed':
			return proposed(event, state);
		case 'revision-requested':
			return {
				subject: 'lead',
				text: `makes a new plan ${state.plan?.approved === true ? 'when the running subtasks have ended' : 'now'}: ${event.reason}`,
				tone: 'heading',
			};
		case 'approval-requested':
			return event.subject.kind === 'plan'
				? waitingForPlan(event.run, state)
				: {
						subject: event.subject.kind === 'tool' ? event.subject.agent : event.subject.subtask,
						text: `asks for ${revealHidden(requestSummary(event.subject))}`,
						tone: 'warning',
					};
		case 'approval-decided':
			return {
				subject: 'run',
				text: `${decidedOn(event.approval, state)} ${event.decision === 'approve' ? 'approved' : 'rejected'} by ${decider(event.origin)}${event.feedback === undefined ? '' : `: ${event.feedback}`}`,
				tone: event.decision === 'approve' ? 'good' : 'bad',
			};
		default:
			return describeWork(event, state);
	}
}

function proposed({origin, revision}: EventOf<'plan-proposed'>, state: RunState): Line {
	const subtasks = state.plan?.plan.subtasks.length ?? 0;
	const count = `revision ${revision}: ${counted(subtasks, 'subtask')}`;
	switch (origin) {
		case 'fallback':
			return {
				subject: 'lead',
				text:
					state.subtasks.size === 0
						? 'no valid plan came, so ONE SUBTASK does the whole task'
						: 'no valid plan came, so the plan stays as it was',
				tone: 'warning',
			};
		case 'person':
			return {subject: 'run', text: `you changed the plan, ${count}`, tone: 'heading'};
		case 'file':
			return {subject: 'run', text: `the plan that you gave, ${count}`, tone: 'heading'};
		case 'lead':
			return {subject: 'lead', text: `plan, ${count}`, tone: 'heading'};
	}
}

function describeWork(event: RunEvent, state: RunState): Line | undefined {
	switch (event.type) {
		case 'subtask-started': {
			const again = event.attempt > 1 ? ` (attempt ${event.attempt})` : '';
			return {subject: event.subtask, text: `${event.agent} starts${again}`, tone: 'plain'};
		}

		case 'attempt-restarted':
			return {subject: event.subtask, text: `starts over: ${event.reason}`, tone: 'warning'};
		case 'attempt-failed': {
			const next = event.strategy === 'retry' ? 'a new attempt follows' : 'no attempt is left';
			return {
				subject: event.subtask,
				text: `attempt ${event.attempt} failed: ${failureLine({...event.failure, message: shorten(event.failure.message, 160)})}; ${next}`,
				tone: 'warning',
			};
		}

		case 'check-finished':
			return {
				subject: event.subtask ?? 'whole',
				text: `check ${event.check} ${event.passed ? 'passed' : 'is RED'}${event.place === 'merged' ? ' on the merged result' : ''} (${duration(event.durationMs)})`,
				tone: event.passed ? 'good' : 'bad',
			};
		case 'merge-refused':
			return {
				subject: event.subtask,
				text:
					event.paths.length > 0
						? `cannot be merged: conflict in ${event.paths.join(', ')}`
						: 'cannot be merged: its checks are red on the merged result',
				tone: 'warning',
			};
		case 'merge-finished': {
			const files = state.subtasks.get(event.subtask)?.finished?.change?.files ?? [];
			const names = shorten(files.map(({path}) => path).join(', '), 80);
			return {subject: event.subtask, text: `merged ${names}`, tone: 'quiet'};
		}

		case 'subtask-completed':
			return {
				subject: event.subtask,
				text: `${statusGlyphs.completed} ${event.summary === '' ? 'done' : event.summary}`,
				tone: 'good',
			};
		case 'subtask-failed':
			return {
				subject: event.subtask,
				text: `${statusGlyphs.failed} failed [${event.failure.kind}]`,
				tone: 'bad',
			};
		case 'subtask-skipped':
			return {
				subject: event.subtask,
				text: `${statusGlyphs.skipped} skipped: ${event.reason}`,
				tone: 'quiet',
			};
		case 'subtask-cancelled':
			return {
				subject: event.subtask,
				text: `${statusGlyphs.cancelled} ${event.reason}`,
				tone: 'warning',
			};
		case 'subtask-reopened':
			return {subject: event.subtask, text: 'is open again', tone: 'plain'};
		case 'cancel-requested':
			return {subject: event.subtask ?? 'run', text: 'is being cancelled', tone: 'warning'};
		default:
			return agentLine(event) ?? runLine(event);
	}
}

function runLine(event: RunEvent): Line | undefined {
	switch (event.type) {
		case 'budget-warned':
			return {
				subject: 'run',
				text: spentText(event),
				tone: 'warning',
			};
		case 'budget-changed': {
			const {maxTokens, maxUsd} = event;
			const many = maxTokens === null ? 'any number of tokens' : `${tokens(maxTokens)} tokens`;
			const much = maxUsd === null || maxUsd === undefined ? '' : ` and ${money(maxUsd)}`;
			return {subject: 'run', text: `may spend ${many}${much} now`, tone: 'plain'};
		}

		case 'delivery-finished':
			return describeDelivery(event.mode, event.files.length, event.target);
		case 'undo-finished':
			return {
				subject: 'run',
				text: `took back ${counted(event.files.length, 'file')}${event.kept.length > 0 ? `, kept ${event.kept.join(', ')} (changed since)` : ''}`,
				tone: 'plain',
			};
		case 'inbox-refused':
			return {subject: 'run', text: `a command was refused: ${event.problem}`, tone: 'warning'};
		default:
			return undefined;
	}
}

function spentText({tokens: used, maxTokens, usd, maxUsd}: EventOf<'budget-warned'>): string {
	const parts = [
		...(maxTokens === null ? [] : [`${tokens(used)} of ${tokens(maxTokens)} tokens`]),
		...(maxUsd === null ? [] : [`${money(usd)} of ${money(maxUsd)}`]),
	];
	return `${parts.join(' and ')} are spent`;
}

function describeDelivery(mode: string, files: number, target: string | undefined): Line {
	const text =
		files === 0
			? 'nothing changed'
			: mode === 'apply'
				? `wrote ${counted(files, 'changed file')} into the directory`
				: `left the directory alone; the change is ${mode === 'branch' ? 'branch' : 'in'} ${target ?? ''}`;
	return {subject: 'run', text, tone: 'good'};
}

function decider(origin: string): string {
	switch (origin) {
		case 'person':
			return 'you';
		case 'criteria':
			return 'the criteria';
		case 'all':
			return '--approve all';
		case 'nobody':
			return 'default: nobody could be asked';
		default:
			return 'default: the time to decide is over';
	}
}

/** Only where somebody can answer: where nobody can, the refusal follows at once. */
function waitingForPlan(run: string, {settings}: RunState): Line | undefined {
	return settings?.approve === 'ask' && settings.attended
		? {
				subject: 'run',
				text: `waits for your decision on the plan (here, or: llm-orchestrator approve ${run})`,
				tone: 'warning',
			}
		: undefined;
}

function decidedOn(approval: string, state: RunState): string {
	const subject = state.approvals.get(approval)?.subject;
	switch (subject?.kind) {
		case 'plan':
			return `revision ${subject.revision} of the plan`;
		case 'tool':
			return `the request of ${subject.agent}`;
		default:
			return approval;
	}
}
