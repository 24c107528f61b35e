import {createHash} from 'node:crypto';
import {answerSchema, type Answer} from '../../core/chat.ts';
import {FailureError, type Failure} from '../../core/failure.ts';
import {canonicalJson, parseJson} from '../../core/json.ts';
import {isPersistent, mayFallBack} from '../../core/call-retry.ts';
import type {AgentProfile, ModelTarget} from '../../core/settings.ts';
import type {ModelCaller} from '../../agents/agent.ts';
import type {AttemptSession} from '../attempt/attempt-session.ts';
import {requestIdentity} from './adapt-request.ts';
import {rememberIds} from './call-ids.ts';
import {callTarget} from './call-target.ts';
import type {ModelCallerOptions} from './model-call.ts';
import type {SessionKey} from '../attempt/session-event.ts';
import type {ModelMemory} from './model-memory.ts';
import {turnInterrupted} from '../attempt/turns.ts';

/**
 * The entry point of all model calls: returns the logged answer if there is one; otherwise calls the
 * agent's model, and its fallbacks in order when a provider fails for good (logged as
 * `model-switched`). Throws `FailureError` for final failures, kind `cancelled` if the person
 * interrupted the turn.
 */
export function createModelCaller(options: ModelCallerOptions): ModelCaller {
	const {models, profile, session} = options;
	const {journal, turns} = session;
	const targets = targetsOf(profile, journal.lastTarget());
	/** Index of the current target; a session never switches back. */
	let place = 0;
	const usedIds = new Set<string>();

	return async (request, turn) => {
		const hash = createHash('sha256')
			.update(canonicalJson(requestIdentity(request)))
			.digest('hex');
		const logged = await readAnswer(session, hash);
		if (logged) {
			rememberIds(logged, usedIds);
			models.estimateFor(logged.message.origin.model).learn(request, logged.usage);
			return logged;
		}

		const unusable = journal.unusable(hash);
		if (unusable) {
			throw new FailureError(unusable.kind, unusable.message, unusable);
		}

		if (turns.interrupted(turn)) {
			throw new FailureError('cancelled', turnInterrupted);
		}

		if (turn <= journal.answeredTurns()) {
			throw new FailureError(
				'internal',
				'cannot continue where it left off: the prompts have changed since',
			);
		}

		const call = {request, hash, turn, id: callId(session.key, turn, hash), usedIds};
		const failures: string[] = [];
		for (;;) {
			const target = targets[place] ?? profile;
			const next = nextUsable(targets, place, models);
			const known = models.failureOf(target);
			const result =
				known && next !== undefined
					? {failure: known}
					: await callTarget(options, target, call, next !== undefined);
			if ('answer' in result) {
				return result.answer;
			}

			const {failure} = result;
			if (isPersistent(failure.kind)) {
				models.markFailed(target, failure);
			}

			if (next === undefined || !mayFallBack(failure.kind)) {
				throw lastFailure(failure, failures);
			}

			failures.push(failure.message);

			logSwitch(options, turn, {from: target, to: targets[next] ?? profile, failure});
			place = next;
		}
	};
}

/** The targets of an agent; the one that its session last switched to comes first. */
function targetsOf(
	{fallbacks = [], ...profile}: AgentProfile,
	last: Pick<ModelTarget, 'provider' | 'model' | 'baseUrl'> | undefined,
): readonly ModelTarget[] {
	const targets: readonly ModelTarget[] = [profile, ...fallbacks];
	const kept = targets.findLast(
		({provider, model, baseUrl}) =>
			provider === last?.provider && model === last.model && baseUrl === last.baseUrl,
	);
	return kept ? [kept, ...targets.filter(target => target !== kept)] : targets;
}

/** The last failure, with the messages of the earlier targets. */
function lastFailure(failure: Failure, before: readonly string[]): FailureError {
	const message =
		before.length === 0
			? failure.message
			: [failure.message, 'Before that:', ...before].map(sentence).join(' ');
	return new FailureError(failure.kind, message, failure);
}

function sentence(text: string): string {
	return /[.:!?]$/.test(text) ? text : `${text}.`;
}

function callId({subtask, attempt}: SessionKey, turn: number, hash: string): string {
	return `${subtask ?? 'plan'}.${attempt ?? 0}.${turn}.${hash.slice(0, 8)}`;
}

/** Index of the next target without a persistent failure. */
function nextUsable(
	targets: readonly ModelTarget[],
	place: number,
	models: ModelMemory,
): number | undefined {
	const next = targets.findIndex(
		(target, index) => index > place && models.failureOf(target) === undefined,
	);
	return next === -1 ? undefined : next;
}

function logSwitch(
	{session}: ModelCallerOptions,
	turn: number,
	{from, to, failure}: {from: ModelTarget; to: ModelTarget; failure: Failure},
): void {
	session.emit({type: 'model-switched', turn, from: named(from), to: named(to), failure});
}

function named({provider, model, baseUrl}: ModelTarget) {
	return {provider, model, ...(baseUrl === undefined ? {} : {baseUrl})};
}

async function readAnswer(session: AttemptSession, hash: string): Promise<Answer | undefined> {
	const payload = session.journal.answer(hash);
	const text = payload === undefined ? undefined : await session.read(payload);
	return text === undefined ? undefined : answerSchema.safeParse(parseJson(text)).data;
}
