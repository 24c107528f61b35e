import {createHash} from 'node:crypto';
import type {Answer, Message} from '../../core/chat.ts';
import type {Clock, Random} from '../../core/clock.ts';
import {toFailure} from '../../core/failure.ts';
import {createCallIds, recoverCalls} from '../../core/recover-calls.ts';
import {StoreError} from '../../core/store-error.ts';
import type {PathGuard} from '../../sandbox/path-guard.ts';
import type {Sandbox} from '../../sandbox/sandbox.ts';
import type {Teammate, TeammateSession, Verification} from '../../agents/agent.ts';
import type {ToolContext} from '../../tools/tool.ts';
import type {Toolbox} from '../../tools/toolbox.ts';
import type {AttemptWorkspace, Workspace} from '../../workspace/workspace.ts';
import type {AttemptContext, AttemptResult, AttemptSpec, Dispatcher} from './attempt-context.ts';
import {workspaceName} from './workspace-name.ts';
import {reportChecks, runChecks} from './checks.ts';
import type {Connect} from '../model/connection.ts';
import {createLongResults} from './long-results.ts';
import {createModelCaller} from '../model/model-caller.ts';
import {createToolRunner, type JudgePermission} from './tool-runner.ts';
import {turnInterrupted} from './turns.ts';

export type AttemptParts = {
	readonly workspace: Workspace;
	readonly sandbox: Sandbox;
	readonly toolbox: Toolbox;
	readonly guardPaths: (root: string) => PathGuard;
	readonly judgePermission: (spec: AttemptSpec) => JudgePermission;
	readonly connect: Connect;
	readonly teammate: Teammate;
	readonly clock: Clock;
	readonly random: Random;
};

/** Bytes of the diff that a failed attempt leaves to those who come after. */
const evidenceBytes = 12_000;

/** Executes attempts in this process: workspace → teammate → checks → commit. */
export function createLocalDispatcher(parts: AttemptParts): Dispatcher {
	return async (spec, context) => {
		const name = workspaceName(spec);
		// There is one already when an earlier process began this attempt.
		const workspace =
			(await parts.workspace.find(name)) ?? (await parts.workspace.open(name, spec.base));
		const session = createSession(spec, context, workspace, parts);
		context.emit({
			type: 'agent-started',
			...scopeOf(spec),
			provider: spec.profile.provider,
			model: spec.profile.model,
		});
		const end = await work(spec, session, parts.teammate, context);
		context.emit({
			type: 'agent-finished',
			...scopeOf(spec),
			reason: end.kind === 'finished' ? 'finished' : end.failure.kind,
			turns: end.turns,
		});
		if (end.kind === 'failed') {
			const diff = context.redact(await parts.workspace.diff(workspace, evidenceBytes));
			const evidence = [end.report, diff].filter(text => text !== undefined && text !== '');
			return {
				kind: 'failed',
				failure: end.failure,
				...(evidence.length > 0 ? {evidence: evidence.join('\n\n')} : {}),
			};
		}

		const message = `${spec.subtask.id}: ${spec.subtask.title}`;
		return {
			kind: 'verified',
			change: await parts.workspace.commit(workspace, message),
			summary: end.summary,
			outputs: {
				...end.outputs,
				...Object.fromEntries(
					spec.subtask.checks.map(({name: check}) => [`checks.${check}`, true]),
				),
			},
		} satisfies AttemptResult;
	};
}

async function work(
	spec: AttemptSpec,
	session: TeammateSession,
	teammate: Teammate,
	{signal, turns}: AttemptContext,
): ReturnType<Teammate> {
	try {
		return await teammate(spec.brief, session);
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof StoreError) {
			throw error;
		}

		return {kind: 'failed', failure: toFailure(error), turns: 0};
	} finally {
		turns.close();
	}
}

function createSession(
	spec: AttemptSpec,
	context: AttemptContext,
	workspace: AttemptWorkspace,
	parts: AttemptParts,
): TeammateSession {
	const session = {subtask: spec.subtask.id, attempt: spec.attempt};
	const {toolbox, sandbox, clock, random, connect} = parts;
	const results = createLongResults(context, spec.profile.name);
	const tools: ToolContext = {
		files: parts.guardPaths(workspace.directory),
		sandbox,
		known: new Map(),
		commandTimeoutMs: spec.settings.commandTimeoutMs,
		sendMessage: context.sendMessage,
		maxResult: results.most,
		readResult: results.read,
	};
	const runTool = createToolRunner({
		spec,
		session,
		toolbox,
		judge: parts.judgePermission(spec),
		context,
		clock,
		tools,
		results,
	});
	let round = 0;
	return {
		call: createModelCaller({
			profile: spec.profile,
			session,
			connect,
			context,
			clock,
			random,
			read: (answer, {messages}) => readCalls(answer, messages, toolbox),
		}),
		tools: toolbox.specs,
		effectOf: toolbox.effectOf,
		runTool,
		receiveMessages: context.receiveMessages,
		async compaction(messages) {
			const logged = context.journal.compaction(session, () => hashOfMessages(messages));
			return logged && {level: logged.level, state: (await context.read(logged.state)) ?? ''};
		},
		async compact(messages, {turn, level, reason}) {
			const state = context.redact(stateOf(context, tools.known));
			context.emit({
				type: 'context-compacted',
				agent: spec.profile.name,
				...session,
				turn,
				level,
				state: context.keep(state),
				reason,
				conversation: hashOfMessages(messages),
			});
			return {level, state};
		},
		interrupted: context.turns.interrupted,
		async verify(turn) {
			round += 1;
			return verify(spec, {round, turn}, context, workspace, parts);
		},
		maxTurns: spec.settings.maxTurns,
	};
}

function hashOfMessages(messages: readonly Message[]): string {
	return createHash('sha256').update(JSON.stringify(messages)).digest('hex');
}

/** An answer with the calls that its model meant to make, in the words of the tools. */
function readCalls(answer: Answer, messages: readonly Message[], toolbox: Toolbox): Answer {
	const {message, ...rest} = recoverCalls(answer, toolbox.accepts, createCallIds(messages));
	const parts = message.parts.map(part =>
		part.kind === 'tool-call' ? toolbox.normalise(part) : part,
	);
	return {...rest, message: {...message, parts}};
}

/** The plan, and the files that the agent has read or changed: what it had in its head. */
function stateOf({teamState}: AttemptContext, known: ToolContext['known']): string {
	const files = [...known.keys()].slice(-50);
	return files.length === 0
		? teamState()
		: `${teamState()}\n\nFiles that you have read or changed: ${files.join(', ')}`;
}

async function verify(
	spec: AttemptSpec,
	{round, turn}: {readonly round: number; readonly turn: number},
	context: AttemptContext,
	workspace: AttemptWorkspace,
	{sandbox, clock}: AttemptParts,
): Promise<Verification> {
	const {checks, id: subtask} = spec.subtask;
	const session = {subtask, attempt: spec.attempt};
	if (checks.length === 0) {
		return {passed: true, report: 'There are no checks.'};
	}

	const logged = context.journal.verification(session, round);
	if (logged) {
		return {passed: logged.passed, report: (await context.read(logged.report)) ?? ''};
	}

	const stop = context.turns.signal();
	const results = await runChecks(context.turns.interrupted(turn) ? [] : checks, {
		stop,
		sandbox,
		directory: workspace.directory,
		timeoutMs: spec.settings.commandTimeoutMs,
		clock,
		context,
		session,
		place: 'workspace',
	});
	const passed = results.length === checks.length && results.every(result => result.passed);
	const red = results.filter(result => !result.passed);
	const cut = `Not all checks have run: ${turnInterrupted}.`;
	const report =
		!passed && context.turns.interrupted(turn)
			? [cut, ...(red.length > 0 ? [reportChecks(red)] : [])].join('\n\n')
			: reportChecks(results);
	context.emit({
		type: 'verification-finished',
		...session,
		round,
		passed,
		report: context.keep(report),
	});
	return {passed, report};
}

function scopeOf(spec: AttemptSpec) {
	return {agent: spec.profile.name, subtask: spec.subtask.id, attempt: spec.attempt};
}
