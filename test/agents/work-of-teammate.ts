import type {TeammateEnd} from '../../source/agents/agent.ts';
import {workOnSubtask} from '../../source/agents/teammate.ts';
import {answer, brief, scriptedSession, type Script} from './scripted-session.ts';

/** The call that ends a subtask, with a summary and an output. */
export const finish = answer([['finish', {summary: 'parses', outputs: {format: 'json'}}]]);

/** Lets a teammate work on the subtask of `brief` to its end; `script` says what it meets. */
export async function work(
	script: Script,
): Promise<ReturnType<typeof scriptedSession> & {end: TeammateEnd}> {
	const scripted = scriptedSession(script);
	return {...scripted, end: await workOnSubtask(brief, scripted.session)};
}
