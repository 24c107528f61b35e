import {existsSync} from 'node:fs';
import {cp, mkdir, readdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {OwnedRun, RunListener} from '../../core/run.ts';
import type {RunSettings} from '../../core/settings.ts';
import {UsageError} from '../../core/usage-error.ts';
import {scriptedModel, type Pace} from '../../demo/scripted-provider.ts';
import {demoTask} from '../../demo/task.ts';
import type {Io} from '../process/io.ts';
import {openOrchestrator} from './open-orchestrator.ts';
import type {OpenedStore} from './open-store.ts';

export const demoTeammates = 3;

export type DemoOptions = {
	readonly run: string;
	/** New or empty directory. */
	readonly directory: string;
	readonly settings: RunSettings;
	readonly pace: Pace;
};

/** A new directory for the copy of the sample project. */
export function demoDirectory(run: string): string {
	return path.join(tmpdir(), `sales-report-${run}`);
}

/** Copies the sample project and returns a function that starts the demo on it. */
export async function prepareDemo(
	{run, directory, settings, pace}: DemoOptions,
	opened: OpenedStore,
	io: Io,
): Promise<(listener?: RunListener) => Promise<OwnedRun>> {
	await copyProject(directory);
	const profile = (name: string) => ({name, provider: 'demo', model: scriptedModel});
	const team = {
		name: 'demo',
		lead: profile('lead'),
		teammates: Array.from({length: demoTeammates}, (_, index) => profile(`teammate-${index + 1}`)),
	};
	const orchestrator = await openOrchestrator(opened, io, pace);
	const options = {run, task: demoTask, directory, team, settings};
	return async listener => orchestrator.start(options, {listener});
}

/** Copies the sample project into a new or empty directory. */
async function copyProject(directory: string): Promise<void> {
	const hint = 'choose a new directory with --dir';
	try {
		await mkdir(directory, {recursive: true});
		if ((await readdir(directory)).length > 0) {
			throw new UsageError(`${directory} is not empty`, hint);
		}

		await cp(sampleProject(), directory, {recursive: true});
	} catch (error) {
		if (error instanceof UsageError) {
			throw error;
		}

		const reason = error instanceof Error ? error.message : String(error);
		throw new UsageError(`cannot copy the sample project to ${directory}: ${reason}`, hint, error);
	}
}

/** In the sources, or next to the bundle. */
function sampleProject(): string {
	const sources = new URL('../../demo/project', import.meta.url);
	const bundle = new URL('../demo-project', import.meta.url);
	return fileURLToPath(existsSync(sources) ? sources : bundle);
}
