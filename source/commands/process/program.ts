import {readVersion} from './version.ts';

export const version = readVersion();

/** Name and version, as the log keeps them. */
export const programName = `llm-orchestrator ${version}`;
