import type {EventOf, RunEvent} from '../core/run-event.ts';
import {decisionText, requestSummary} from '../core/open-approvals.ts';
import type {RunState} from '../core/run-state.ts';
import {counted, revealHidden, sanitizeLine, shorten} from '../core/text.ts';
import {agentLine} from './agent-line.ts';
import type {Line} from './line.ts';
import {duration, failureLine, money, reasonText, statusGlyphs, tokens} from './words.ts';

/**
 * The line for an event in a view of the run; `undefined` for internal events. Foreign text is
 * sanitized.
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
			return {subject: 'run', text: `paused ${reasonText(event.reason)}`, tone: 'warning'};
		case 'run-unpaused':
			return {subject: 'run', text: 'unpaused', tone: 'plain'};
		case 'workspace-prepared': {
			const what = event.kind === 'git' ? 'the repository' : 'the directory';
			const text = `took a snapshot of ${what}: ${counted(event.files, 'file')}`;
			return {subject: 'run', text, tone: 'quiet'};
		}

		case 'planning-started':
			return {
				subject: 'lead',
				text: event.revision === 1 ? 'planning the task' : `planning revision ${event.revision}`,
				tone: 'plain',
			};
		case 'plan-refused':
			return {
				subject: 'lead',
				text: `proposed an invalid plan (try ${event.try}): ${event.problems.join('; ')}`,
				tone: 'warning',
			};
		case 'plan-proposed':
			return proposed(event, state);
		case 'revision-requested':
			return {
				subject: 'lead',
				text: `will revise the plan ${state.plan?.approved === true ? 'when the running subtasks end' : 'now'}: ${event.reason}`,
				tone: 'heading',
			};
		case 'approval-requested':
			return event.subject.kind === 'plan'
				? planRequestLine(event.run, state)
				: {
						subject: event.subject.kind === 'tool' ? event.subject.agent : event.subject.subtask,
						text: `asks for ${revealHidden(requestSummary(event.subject))}`,
						tone: 'warning',
					};
		case 'approval-decided':
			return {
				subject: 'run',
				text: `${decidedOn(event.approval, state)} ${decisionText(event)}${event.feedback === undefined ? '' : `: ${event.feedback}`}`,
				tone: event.decision === 'approve' ? 'good' : 'bad',
			};
		default:
			return describeWork(event, state);
	}
}

function proposed({origin, revision}: EventOf<'plan-proposed'>, state: RunState): Line {
	const subtasks = state.plan?.plan.subtasks.length ?? 0;
	const count = counted(subtasks, 'subtask');
	switch (origin) {
		case 'fallback':
			return {
				subject: 'lead',
				text:
					state.subtasks.size === 0
						? 'no valid plan, so ONE SUBTASK does the whole task'
						: 'no valid plan, so the current plan stays',
				tone: 'warning',
			};
		case 'person':
			return {
				subject: 'run',
				text: `you edited the plan, revision ${revision}: ${count}`,
				tone: 'heading',
			};
		case 'file':
			return {
				subject: 'run',
				text: `using your plan, revision ${revision}: ${count}`,
				tone: 'heading',
			};
		case 'lead':
			return {
				subject: 'lead',
				text: `proposed revision ${revision} of the plan: ${count}`,
				tone: 'heading',
			};
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
			const next = event.strategy === 'retry' ? 'retrying' : 'no attempts left';
			return {
				subject: event.subtask,
				text: `attempt ${event.attempt} failed: ${failureLine({...event.failure, message: shorten(event.failure.message, 160)})}; ${next}`,
				tone: 'warning',
			};
		}

		case 'check-finished':
			return {
				subject: event.subtask ?? 'final',
				text: `check ${event.check} ${event.passed ? 'passed' : 'FAILED'}${event.place === 'merged' ? ' on the merged result' : ''} (${duration(event.durationMs)})`,
				tone: event.passed ? 'good' : 'bad',
			};
		case 'merge-refused':
			return {
				subject: event.subtask,
				text:
					event.paths.length > 0
						? `cannot merge: conflict in ${event.paths.join(', ')}`
						: 'cannot merge: its checks fail on the merged result',
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
				text: `${statusGlyphs.cancelled} ${reasonText(event.reason)}`,
				tone: 'warning',
			};
		case 'subtask-reopened':
			return {subject: event.subtask, text: 'queued for retry', tone: 'plain'};
		case 'cancel-requested':
			return {subject: event.subtask ?? 'run', text: 'cancelling', tone: 'warning'};
		default:
			return agentLine(event) ?? runLine(event);
	}
}

function runLine(event: RunEvent): Line | undefined {
	switch (event.type) {
		case 'budget-warned':
			return {
				subject: 'run',
				text: budgetText(event),
				tone: 'warning',
			};
		case 'budget-changed': {
			const {maxTokens, maxUsd} = event;
			const many = maxTokens === null ? 'unlimited tokens' : `${tokens(maxTokens)} tokens`;
			const much = maxUsd === null || maxUsd === undefined ? '' : ` and ${money(maxUsd)}`;
			return {subject: 'run', text: `budget is now ${many}${much}`, tone: 'plain'};
		}

		case 'delivery-finished':
			return describeDelivery(event.mode, event.files.length, event.target);
		case 'undo-finished':
			return {
				subject: 'run',
				text: `undid changes to ${counted(event.files.length, 'file')}${event.kept.length > 0 ? `, kept ${event.kept.join(', ')} (changed since)` : ''}`,
				tone: 'plain',
			};
		case 'inbox-refused':
			return {subject: 'run', text: `refused a command: ${event.problem}`, tone: 'warning'};
		default:
			return undefined;
	}
}

function budgetText({tokens: used, maxTokens, usd, maxUsd}: EventOf<'budget-warned'>): string {
	const parts = [
		...(maxTokens === null ? [] : [`${tokens(used)} of ${tokens(maxTokens)} tokens`]),
		...(maxUsd === null ? [] : [`${money(usd)} of ${money(maxUsd)}`]),
	];
	return `${parts.join(' and ')} used`;
}

function describeDelivery(mode: string, files: number, target: string | undefined): Line {
	const text =
		files === 0
			? 'nothing changed'
			: mode === 'apply'
				? `wrote ${counted(files, 'changed file')} to the directory`
				: `left the directory unchanged; the change is ${mode === 'branch' ? 'on branch' : 'in'} ${target ?? ''}`;
	return {subject: 'run', text, tone: 'good'};
}

/** Only when someone can answer: otherwise the rejection follows at once. */
function planRequestLine(run: string, {settings}: RunState): Line | undefined {
	return settings?.approve === 'ask' && settings.attended
		? {
				subject: 'run',
				text: `waiting for you to approve the plan (here, or: llm-orchestrator approve ${run})`,
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
			return `${subject.agent}'s request`;
		default:
			return approval;
	}
}
