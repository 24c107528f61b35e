import {createOrchestrator, type Orchestrator} from '../../compose/orchestrator.ts';
import {workDirectoryOf} from '../../config/home.ts';
import {readUserConfig} from '../../config/user-config.ts';
import {UsageError} from '../../core/usage-error.ts';
import type {Environment} from '../../core/environment.ts';
import {ProviderError} from '../../providers/provider.ts';
import {proxiesOf} from '../../providers/transport/proxy.ts';
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
	requireProxies(environment);
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

/** Refuses a malformed proxy before there is a run. */
function requireProxies(environment: Environment): void {
	try {
		proxiesOf(environment);
	} catch (error) {
		throw error instanceof ProviderError ? new UsageError(error.message, error.hint, error) : error;
	}
}
