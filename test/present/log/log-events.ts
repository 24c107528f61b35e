import {canonicalJson} from '../../../source/core/json.ts';
import type {RunEventBody} from '../../../source/core/run-event.ts';
import type {AgentLog} from '../../../source/present/log/agent-log.ts';
import type {ReadPayload} from '../../../source/present/check-rows.ts';
import {placed} from '../../core/every-event.ts';

export const scope = {agent: 'bob', subtask: 'api', attempt: 2};

/** Only texts that stand in their event. */
export const texts: ReadPayload = payload => (typeof payload === 'string' ? payload : undefined);

export function tell(log: AgentLog, event: RunEventBody): void {
	log.event(placed(event), texts);
}

type Started = Extract<RunEventBody, {type: 'tool-call-started'}>;

export function startedCall(tool: string, effect: Started['effect'], about: string): Started {
	return {
		type: 'tool-call-started',
		...scope,
		call: 't1',
		tool,
		effect,
		summary: `${tool} ${about}`,
	};
}

export function finishedCall(result: string, ok = true): RunEventBody {
	return {type: 'tool-call-finished', ...scope, call: 't1', ok, result, durationMs: 1};
}

/** A stored answer, with the calls that it makes. */
export function answerOf(text: string, calls: Readonly<Record<string, object>> = {}): string {
	return canonicalJson({
		message: {
			role: 'assistant',
			origin: {provider: 'ollama', model: 'qwen3'},
			parts: [
				{kind: 'text', text},
				...Object.entries(calls).map(([id, given]) => ({
					kind: 'tool-call',
					id,
					name: 'edit_file',
					argumentsText: '',
					arguments: given,
				})),
			],
		},
		stopReason: 'end',
		usage: {
			input: 1,
			cacheRead: null,
			cacheWrite: null,
			output: 1,
			reasoning: null,
			estimated: false,
		},
		model: 'qwen3',
	});
}
