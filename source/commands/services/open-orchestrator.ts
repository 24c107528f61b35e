import {createOrchestrator, type Orchestrator} from '../../compose/orchestrator.ts';
import {workDirectoryOf} from '../../config/home.ts';
import {readUserConfig} from '../../config/user-config.ts';
import type {Io} from '../process/io.ts';
import type {OpenedStore} from './open-store.ts';
import {programName} from '../process/program.ts';

/**
 * The orchestrator, with the user's prices.
 *
 * @param pace of the scripted model
 */
export async function openOrchestrator(
	{home, store, redact}: OpenedStore,
	{environment}: Io,
	pace: 'fast' | 'person' = 'person',
): Promise<Orchestrator> {
	const {prices} = await readUserConfig(home);
	return createOrchestrator({
		store,
		redact,
		environment,
		program: programName,
		pace,
		prices,
		workDirectory: run => workDirectoryOf(home, run),
	});
}
