import {readVersion} from './version.ts';

export const version = readVersion();

/** Name and version for the log. */
export const programName = `llm-orchestrator ${version}`;
