import {toFailure, type Failure, type FailureKind} from '../../core/failure.ts';
import {chooseModel} from './choose-model.ts';
import type {Finding} from './finding.ts';
import {probeSteps, type ProbeOptions, type ProbeStepName} from './probe-options.ts';
import {createProbes} from './probe-steps.ts';
import type {Provider} from '../provider.ts';

/** The result of one step. `ms` is its duration in milliseconds. */
export type ProbeStep = {readonly name: ProbeStepName; readonly ms: number} & (
	Exclude<Finding, {outcome: 'failed'}> | {readonly outcome: 'failed'; readonly failure: Failure}
);

export type ProbeResult = {
	readonly type: Provider['type'];
	readonly endpoint: string;
	/** `undefined`: could not be determined. */
	readonly model: string | undefined;
	/** Whether no step failed. */
	readonly ok: boolean;
	readonly steps: readonly ProbeStep[];
	/** What requests leave out because the server refused it. */
	readonly leftOut: readonly string[];
};

export type ProbeWatch = {
	/** Called before and after each step, so that a command can show progress. */
	readonly onStart?: ((name: ProbeStepName) => void) | undefined;
	readonly onStep?: ((step: ProbeStep) => void) | undefined;
};

/**
 * Tests everything that a run needs from a provider: reaching it, authentication, model list,
 * capabilities, a streamed answer, a tool call, a structured answer. A failed step ends the test,
 * except for the last two; only an abort throws. Every failure has a hint.
 */
export async function testProvider(
	provider: Provider,
	model: string | undefined,
	options: ProbeOptions & ProbeWatch,
): Promise<ProbeResult> {
	const {signal, now, service, onStart, onStep} = options;
	const {type, endpoint} = provider;
	const steps: ProbeStep[] = [];
	let name = model;
	const probes = createProbes(
		provider,
		async () => (name ??= await chooseModel(provider, {signal, service})),
		options,
	);
	for (const step of probeSteps) {
		onStart?.(step);
		const start = now();
		const finding = await probes[step]().catch((error: unknown): Finding => {
			signal.throwIfAborted();
			return {outcome: 'failed', failure: withHint(toFailure(error))};
		});
		const taken = {name: step, ms: now() - start, ...finding};
		steps.push(taken);
		onStep?.(taken);
		if (finding.outcome === 'failed' && !optional.has(step)) {
			break;
		}
	}

	return {
		type,
		endpoint,
		model: name,
		ok: steps.every(({outcome}) => outcome !== 'failed'),
		steps,
		leftOut: provider.concessions?.() ?? [],
	};
}

/** Steps that later ones don't depend on. */
const optional: ReadonlySet<ProbeStepName> = new Set(['tool-call', 'structured']);

function withHint(failure: Failure): Failure {
	return {...failure, hint: failure.hint ?? hints[failure.kind] ?? 'try again in a moment'};
}

/** Hints for failures that have none of their own. */
const hints: Partial<Readonly<Record<FailureKind, string>>> = {
	'rate-limit': 'try again later, and use fewer teammates',
	overloaded: 'try again later, and use fewer teammates',
	quota: 'check the plan and billing of the account',
	'server-loading': 'wait until the model is loaded, then try again',
	'server-down': 'start the server, or check the base URL',
	'context-overflow': 'give the model more context',
	'output-cut': 'choose a model that thinks less before it answers',
	'content-filtered': 'choose another model',
	'empty-answer': 'choose another model',
	stalled: 'check whether the server is busy, or choose a smaller model',
	'model-missing': "choose one of the server's models: --model",
	'bad-request': 'check the base URL and the name of the model',
	auth: 'check the key',
};
