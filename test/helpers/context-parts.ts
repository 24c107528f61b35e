import type {Clock} from '../../source/core/clock.ts';
import {defaultRunSettings, type RunSettings} from '../../source/core/settings.ts';
import {createApprovals} from '../../source/engine/approvals.ts';
import {
	createBudget,
	type Limits,
	type ReservationRequest,
} from '../../source/engine/model/budget.ts';
import type {ContextParts} from '../../source/engine/attempt/local-context.ts';
import {createEndpoints} from '../../source/engine/model/endpoints.ts';
import {createJournal, type Journal} from '../../source/engine/attempt/journal.ts';
import {createModelMemory} from '../../source/engine/model/model-memory.ts';
import type {Recorder} from '../../source/engine/log/recorder.ts';
import {createTurns} from '../../source/engine/attempt/turns.ts';
import {quickClock} from './run-parts.ts';

/** The parts of a context over a recorder, of which a test replaces some. */
export function contextParts(
	recorder: Recorder,
	{
		clock = quickClock,
		journal = createJournal([]),
		limits = {},
		settings = defaultRunSettings,
		...parts
	}: Partial<ContextParts> & {
		readonly clock?: Clock;
		readonly journal?: Journal;
		readonly limits?: Partial<Limits>;
		readonly settings?: RunSettings;
	} = {},
): ContextParts {
	return {
		recorder,
		redact: text => text,
		approvals: createApprovals(recorder, () => settings, clock),
		budget: createBudget(
			() => limitsOf(limits),
			() => ({tokens: recorder.state.usage.total.total, usd: recorder.state.usage.total.usd}),
		),
		endpoints: createEndpoints(clock),
		models: createModelMemory(),
		journal,
		turns: createTurns(journal),
		stream: () => undefined,
		...parts,
	};
}

export function limitsOf(limits: Partial<Limits> = {}): Limits {
	return {maxTokens: null, maxUsd: null, unpriced: 'allow', ...limits};
}

/** A wish of tokens that cost nothing. */
export function wish(
	input: number,
	maxOutput: number,
	fields: Partial<ReservationRequest> = {},
): ReservationRequest {
	return {input, maxOutput, price: () => 0, model: 'm', ...fields};
}
