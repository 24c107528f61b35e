import type {RunPart} from '../app-store.ts';
import {pressOnRun} from './keys/run-keys.ts';
import {refreshRun} from './refresh-run.ts';
import {RunScreen} from './run-screen.tsx';
import {openSession} from '../../session/run-session.ts';
import {runViewOf} from './run-view.ts';

/** All that shows a run. Loaded when the first run is shown: the home screen does not wait for it. */
export const runPart: RunPart = {RunScreen, openSession, pressOnRun, refreshRun, runViewOf};
