import type {RunPart} from '../app-store.ts';
import {handleRunKey} from './keys/run-keys.ts';
import {refreshRun} from './refresh-run.ts';
import {RunScreen} from './run-screen.tsx';
import {openAttemptSession} from '../../session/run-session.ts';
import {runViewOf} from './run-view.ts';

/** The run UI, loaded with the first run: the home screen does not wait for it. */
export const runPart: RunPart = {
	RunScreen,
	openAttemptSession,
	handleRunKey: handleRunKey,
	refreshRun,
	runViewOf,
};
