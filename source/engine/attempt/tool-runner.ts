import type {Permission} from '../../core/approval.ts';
import type {ToolCall} from '../../core/chat.ts';
import type {Clock} from '../../core/clock.ts';
import {FailureError, toFailure} from '../../core/failure.ts';
import {deniedSummary} from '../../core/open-approvals.ts';
import type {EventOf} from '../../core/run-event.ts';
import type {ToolEffect} from '../../core/agent-events.ts';
import type {ToolReply} from '../../agents/agent.ts';
import type {PreparedCall, ToolContext, ToolOutcome} from '../../tools/tool.ts';
import type {Toolbox} from '../../tools/toolbox.ts';
import type {AttemptSpec} from './attempt-context.ts';
import {hashOfFile} from './file-hash.ts';
import type {LongResults} from './long-results.ts';
import type {AttemptSession} from './attempt-session.ts';
import {turnInterrupted} from './turns.ts';

export type JudgePermission = (call: {
	readonly effect: ToolEffect;
	/** The command line, for commands. */
	readonly command?: string | undefined;
	/** The attempt's workspace. */
	readonly directory: string;
}) => Permission;

export type ToolRunnerOptions = {
	readonly spec: AttemptSpec;
	readonly session: AttemptSession;
	readonly toolbox: Toolbox;
	readonly tools: ToolContext;
	readonly judge: JudgePermission;
	readonly results: LongResults;
	readonly clock: Clock;
};

/**
 * Runs the tool calls of one attempt: permission, logged intent, effect, logged result. Logged results
 * are returned again. Starts nothing in a turn that the person has interrupted. Rejects with `denied` if
 * a decision was needed but not available; all other failures are reported to the model.
 */
export function createToolRunner(
	options: ToolRunnerOptions,
): (call: ToolCall, turn: number) => Promise<ToolReply> {
	return async (call, turn) => {
		const {session} = options;
		const logged = session.journal.result(call.id);
		if (logged) {
			return replay(logged, options);
		}

		const finished = await finishedBeforeCrash(call, options);
		if (finished) {
			return finish(call, finished, 0, options);
		}

		const effect = options.toolbox.effectOf(call.name) ?? 'read';
		const skip = () => {
			start(call, effect, {summary: nameOf(call)}, options);
			return finish(call, {ok: false, text: `Not run: ${turnInterrupted}.`}, 0, options, true);
		};
		if (session.turns.forbids(turn, call.id)) {
			return skip();
		}

		const prepared = await prepare(call, options);
		if ('failure' in prepared) {
			start(call, effect, {summary: nameOf(call)}, options);
			return finish(call, {ok: false, text: prepared.failure}, 0, options);
		}

		const stop = session.turns.signal();
		const refusal = await unlessInterrupted(
			askPermission(call, effect, prepared, options),
			stop,
			session.signal,
		);
		if (refusal === interrupted) {
			return skip();
		}

		if (refusal !== undefined) {
			start(call, effect, prepared, options);
			return finish(call, {ok: false, text: refusal}, 0, options);
		}

		start(call, effect, prepared, options);
		if (effect === 'write' || effect === 'command') {
			await session.barrier();
		}

		const startMs = options.clock.monotonic();
		const outcome = await execute(prepared, stop, session.signal);
		const cut = stop.aborted && !outcome.ok;
		return finish(call, outcome, options.clock.monotonic() - startMs, options, cut);
	};
}

const interrupted = Symbol('interrupted');

/** The result of the work, or `interrupted` if the person ended the turn in the meantime. */
async function unlessInterrupted<Value>(
	work: Promise<Value>,
	stop: AbortSignal,
	signal: AbortSignal,
): Promise<Value | typeof interrupted> {
	try {
		const value = await work;
		return stop.aborted && !signal.aborted ? interrupted : value;
	} catch (error) {
		signal.throwIfAborted();
		if (stop.aborted) {
			return interrupted;
		}

		throw error;
	}
}

async function prepare(
	call: ToolCall,
	{toolbox, tools}: ToolRunnerOptions,
): Promise<PreparedCall | {failure: string}> {
	try {
		return await toolbox.prepare(call, tools);
	} catch (error) {
		return {failure: toFailure(error).message};
	}
}

/** The refusal for the model; `undefined` if the call is allowed. */
async function askPermission(
	call: ToolCall,
	effect: ToolEffect,
	{permission, summary}: PreparedCall,
	{session, spec, judge, tools}: ToolRunnerOptions,
): Promise<string | undefined> {
	const command = effect === 'command' ? permission?.detail : undefined;
	const judged = judge({effect, command, directory: tools.files.root});
	if (judged.kind === 'allow') {
		return undefined;
	}

	if (judged.kind === 'deny') {
		return `Not allowed: ${judged.reason}`;
	}

	const subject = {
		kind: 'tool',
		agent: spec.profile.name,
		subtask: spec.subtask.id,
		attempt: spec.attempt,
		tool: call.name,
		summary,
		detail: permission?.detail ?? summary,
		directory: tools.files.root,
		reason: permission?.reason ?? 'every change needs approval',
	} as const;
	const decision = await session.context.ask(subject, session.turns.signal());
	if (decision.decision === 'approve') {
		return undefined;
	}

	if (decision.origin !== 'person') {
		throw new FailureError('denied', `no one could approve: ${deniedSummary(subject)}`, {
			hint: effect === 'write' ? '--permission edits' : '--permission all',
		});
	}

	return decision.feedback === undefined
		? 'The person did not allow this. Do it in another way.'
		: `The person did not allow this: ${decision.feedback}`;
}

/** @param stop ends the call, with a note in its result; `signal` ends the attempt */
async function execute(
	prepared: PreparedCall,
	stop: AbortSignal,
	signal: AbortSignal,
): Promise<ToolOutcome> {
	const outcome = await prepared
		.execute(stop)
		.catch((error: unknown) => ({ok: false, text: toFailure(error).message}));
	signal.throwIfAborted();
	return stop.aborted && !outcome.ok
		? {...outcome, text: `Ended: ${turnInterrupted}.\n${outcome.text}`}
		: outcome;
}

/**
 * The outcome of a write that an earlier process started, if the file already has the new content.
 * Checked before the call is prepared, because preparing would not find the old content any longer.
 */
async function finishedBeforeCrash(
	call: ToolCall,
	{session, tools}: ToolRunnerOptions,
): Promise<ToolOutcome | undefined> {
	const started = session.journal.openCall(call.id);
	if (!started?.intent) {
		return undefined;
	}

	const {path, after} = started.intent;
	if ((await hashOfFile(tools.files, path)) !== after) {
		return undefined;
	}

	if (after !== null) {
		tools.known.set(path, after);
	}

	return {ok: true, text: `Done: ${started.summary}`, files: [{path, hash: after, written: true}]};
}

function start(
	call: ToolCall,
	effect: ToolEffect,
	{summary, intent, confinement}: Pick<PreparedCall, 'summary' | 'intent' | 'confinement'>,
	{session}: ToolRunnerOptions,
): void {
	session.emit({
		type: 'tool-call-started',
		call: call.id,
		tool: call.name,
		effect,
		...(call.recovered === true ? {recovered: true} : {}),
		summary: session.redact(summary),
		...(intent ? {intent} : {}),
		...(confinement ? {confinement} : {}),
	});
}

function finish(
	call: ToolCall,
	outcome: ToolOutcome,
	ms: number,
	{session, results}: ToolRunnerOptions,
	cut = false,
): ToolReply {
	const {text, whole} = results.show(outcome);
	const files = outcome.files ?? [];
	session.emit({
		type: 'tool-call-finished',
		call: call.id,
		ok: outcome.ok,
		result: session.keep(text),
		...(whole ? {whole} : {}),
		durationMs: Math.round(ms),
		...(cut ? {interrupted: true} : {}),
		...(files.length === 0 ? {} : {files: [...files]}),
	});
	return {ok: outcome.ok, text, changed: files.some(({written}) => written)};
}

async function replay(
	logged: EventOf<'tool-call-finished'>,
	{session, tools, results}: ToolRunnerOptions,
): Promise<ToolReply> {
	if (logged.whole) {
		results.restore(logged.whole);
	}

	for (const {path, hash} of logged.files ?? []) {
		if (hash === null) {
			tools.known.delete(path);
		} else {
			tools.known.set(path, hash);
		}
	}

	return {
		ok: logged.ok,
		text: (await session.read(logged.result)) ?? '(this result was lost in a crash)',
		changed: (logged.files ?? []).some(({written}) => written),
	};
}

/** Summary of a call that was not run: its tool and its path or command. */
function nameOf({name, arguments: args}: ToolCall): string {
	const about = args?.['path'] ?? args?.['command'];
	return typeof about === 'string' ? `${name} ${about}` : name;
}
