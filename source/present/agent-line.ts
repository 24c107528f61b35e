import type {EventOf, RunEvent} from '../core/run-event.ts';
import {shorten} from '../core/text.ts';
import type {Line} from './line.ts';
import {duration, failureLine} from './words.ts';

/** The line for an agent's event; `undefined` for other events. */
export function agentLine(event: RunEvent): Line | undefined {
	switch (event.type) {
		case 'agent-waiting': {
			// The request itself already has a line.
			if (event.for === 'approval' || event.for === 'decision') {
				return undefined;
			}

			const until = event.until === undefined ? '' : ` until ${event.until.slice(11, 19)} UTC`;
			const why = event.detail === undefined ? '' : `: ${event.detail}`;
			return {
				subject: event.agent,
				text: `${waitTexts[event.for]}${until}${why}`,
				tone: 'warning',
			};
		}

		case 'model-call-finished':
			return event.said === undefined || event.subtask === undefined
				? undefined
				: {subject: event.agent, text: event.said, tone: 'quiet'};
		case 'model-call-failed':
			return event.retryInMs === undefined
				? {subject: event.agent, text: failureLine(event.failure), tone: 'bad'}
				: {
						subject: event.agent,
						text: `call failed (try ${event.try}, retrying in ${duration(event.retryInMs)}): ${failureLine(event.failure)}`,
						tone: 'warning',
					};
		case 'tool-call-started':
			return {
				subject: event.agent,
				text: `→ ${shorten(event.summary, 160)}${event.recovered === true ? ' (parsed from text)' : ''}`,
				tone: 'quiet',
			};
		case 'model-switched':
			return {
				subject: event.agent,
				text: switchText(event),
				tone: 'warning',
			};
		case 'context-compacted':
			return {
				subject: event.agent,
				text: `compacted its conversation: ${event.reason}`,
				tone: 'quiet',
			};
		case 'turn-interrupted':
			return {subject: event.agent, text: 'interrupted by you', tone: 'warning'};
		case 'message-sent':
			return {
				subject: event.from === 'person' ? 'you' : event.from,
				text: `to ${event.to}: ${typeof event.text === 'string' ? shorten(event.text, 160) : '(a long message)'}`,
				tone: 'plain',
			};
		default:
			return undefined;
	}
}

const waitTexts: Readonly<Record<EventOf<'agent-waiting'>['for'], string>> = {
	'rate-limit': 'waiting for the rate limit',
	retry: 'waiting to retry',
	slot: 'waiting for a slot',
	command: 'waiting for a command',
	approval: 'waiting for you',
	budget: 'waiting for budget',
	'server-loading': 'waiting for the server to load',
	decision: 'waiting for you',
	paused: 'paused by you',
	message: 'waiting for your message',
};

/** Adds the addresses when both models have the same name. */
function switchText({from, to, failure}: EventOf<'model-switched'>): string {
	const isSame = from.provider === to.provider && from.model === to.model;
	const name = ({provider, model, baseUrl}: typeof from) =>
		[provider, model, isSame && baseUrl !== undefined ? `at ${baseUrl}` : '']
			.filter(Boolean)
			.join(' ');
	return `switched from ${name(from)} to ${name(to)} (${failure.kind})`;
}
