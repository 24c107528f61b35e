import {createHash} from 'node:crypto';
import type {Answer, Message} from '../../core/chat.ts';
import type {Clock, Random} from '../../core/clock.ts';
import {toFailure} from '../../core/failure.ts';
import type {Redact} from '../../core/redact.ts';
import {recoverCalls} from '../../core/recover-calls.ts';
import {StoreError} from '../../core/store-error.ts';
import type {PathGuard} from '../../sandbox/path-guard.ts';
import type {Sandbox} from '../../sandbox/sandbox.ts';
import type {Teammate, TeammateSession, Verification} from '../../agents/agent.ts';
import type {ToolContext} from '../../tools/tool.ts';
import type {Toolbox} from '../../tools/toolbox.ts';
import type {AttemptWorkspace, Workspace} from '../../workspace/workspace.ts';
import type {AttemptResult, AttemptSpec, Dispatcher} from './attempt-context.ts';
import {workspaceName} from './workspace-name.ts';
import {reportChecks, runChecks} from '../run-checks.ts';
import type {Connect} from '../model/connection.ts';
import {createLongResults} from './long-results.ts';
import {createModelCaller} from '../model/model-caller.ts';
import type {ModelMemory} from '../model/model-memory.ts';
import {openAttemptSession, type AttemptSession} from './attempt-session.ts';
import {createToolRunner, type JudgePermission} from './tool-runner.ts';
import {turnInterrupted} from './turns.ts';

export type AttemptParts = {
	readonly workspace: Workspace;
	readonly sandbox: Sandbox;
	readonly toolbox: Toolbox;
	readonly guardPaths: (root: string) => PathGuard;
	readonly judgePermission: (spec: AttemptSpec) => JudgePermission;
	readonly connect: Connect;
	/** Shared by all attempts of this process. */
	readonly models: ModelMemory;
	readonly redact: Redact;
	readonly teammate: Teammate;
	readonly clock: Clock;
	readonly random: Random;
};

/** Maximum bytes of a failed attempt's diff, kept for the next attempt and for dependents. */
const evidenceBytes = 12_000;

/** Executes attempts in this process: workspace → teammate → checks → commit. */
export function createLocalDispatcher(parts: AttemptParts): Dispatcher {
	return async (spec, context) => {
		const name = workspaceName(spec);
		// Exists already if an earlier process started this attempt.
		const workspace =
			(await parts.workspace.find(name)) ?? (await parts.workspace.open(name, spec.base));
		const session = await openAttemptSession({
			context,
			agent: spec.profile.name,
			key: {subtask: spec.subtask.id, attempt: spec.attempt},
			redact: parts.redact,
		});
		const {provider, model} = spec.profile;
		session.emit({type: 'agent-started', provider, model});
		const end = await work(spec, session, workspace, parts);
		session.emit({
			type: 'agent-finished',
			reason: end.kind === 'finished' ? 'finished' : end.failure.kind,
			turns: end.turns,
		});
		if (end.kind === 'failed') {
			const diff = session.redact(await parts.workspace.diff(workspace, evidenceBytes));
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
	session: AttemptSession,
	workspace: AttemptWorkspace,
	parts: AttemptParts,
): ReturnType<Teammate> {
	try {
		return await parts.teammate(spec.brief, teammateSession(spec, session, workspace, parts));
	} catch (error) {
		session.signal.throwIfAborted();
		if (error instanceof StoreError) {
			throw error;
		}

		return {kind: 'failed', failure: toFailure(error), turns: 0};
	}
}

function teammateSession(
	spec: AttemptSpec,
	session: AttemptSession,
	workspace: AttemptWorkspace,
	parts: AttemptParts,
): TeammateSession {
	const {toolbox, sandbox, clock, random, connect, models} = parts;
	const {context, journal, turns} = session;
	const results = createLongResults(session, models);
	const tools: ToolContext = {
		files: parts.guardPaths(workspace.directory),
		sandbox,
		known: new Map(),
		commandTimeoutMs: spec.settings.commandTimeoutMs,
		sendMessage: context.sendMessage,
		maxResult: results.limit,
		readResult: results.read,
	};
	let round = 0;
	return {
		call: createModelCaller({
			profile: spec.profile,
			session,
			connect,
			models,
			clock,
			random,
			read: (answer, {messages}) => readCalls(answer, messages, toolbox),
		}),
		tools: toolbox.specs,
		effectOf: toolbox.effectOf,
		runTool: createToolRunner({
			spec,
			session,
			toolbox,
			judge: parts.judgePermission(spec),
			clock,
			tools,
			results,
		}),
		receiveMessages: turns.begin,
		async compaction(messages) {
			const logged = journal.compaction(() => hashOfMessages(messages));
			return logged && {level: logged.level, state: (await session.read(logged.state)) ?? ''};
		},
		async compact(messages, {turn, level, reason}) {
			const state = session.redact(describeState(await context.teamState(), tools.known));
			session.emit({
				type: 'context-compacted',
				turn,
				level,
				state: session.keep(state),
				reason,
				conversation: hashOfMessages(messages),
			});
			return {level, state};
		},
		interrupted: turns.interrupted,
		async verify(turn) {
			round += 1;
			return verify(spec, {round, turn}, session, workspace, parts);
		},
		maxTurns: spec.settings.maxTurns,
	};
}

function hashOfMessages(messages: readonly Message[]): string {
	return createHash('sha256').update(JSON.stringify(messages)).digest('hex');
}

/** Recovers calls that were printed as text and normalizes their arguments. */
function readCalls(answer: Answer, messages: readonly Message[], toolbox: Toolbox): Answer {
	const {message, ...rest} = recoverCalls(answer, toolbox.accepts, messages);
	const parts = message.parts.map(part =>
		part.kind === 'tool-call' ? toolbox.normalize(part) : part,
	);
	return {...rest, message: {...message, parts}};
}

/** The plan and the known files, for a compacted conversation. */
function describeState(team: string, known: ToolContext['known']): string {
	const files = [...known.keys()].slice(-50);
	return files.length === 0
		? team
		: `${team}\n\nFiles that you have read or changed: ${files.join(', ')}`;
}

async function verify(
	spec: AttemptSpec,
	{round, turn}: {readonly round: number; readonly turn: number},
	session: AttemptSession,
	workspace: AttemptWorkspace,
	{sandbox, clock}: AttemptParts,
): Promise<Verification> {
	const {checks} = spec.subtask;
	const {journal, turns} = session;
	if (checks.length === 0) {
		return {passed: true, report: 'There are no checks.'};
	}

	const logged = journal.verification(round);
	if (logged) {
		return {passed: logged.passed, report: (await session.read(logged.report)) ?? ''};
	}

	const stop = turns.signal();
	const results = await runChecks(turns.interrupted(turn) ? [] : checks, {
		stop,
		sandbox,
		directory: workspace.directory,
		timeoutMs: spec.settings.commandTimeoutMs,
		clock,
		session,
		place: 'workspace',
	});
	const passed = results.length === checks.length && results.every(result => result.passed);
	const red = results.filter(result => !result.passed);
	const cut = `Not all checks have run: ${turnInterrupted}.`;
	const report =
		!passed && turns.interrupted(turn)
			? [cut, ...(red.length > 0 ? [reportChecks(red)] : [])].join('\n\n')
			: reportChecks(results);
	session.emit({type: 'verification-finished', round, passed, report: session.keep(report)});
	return {passed, report};
}
