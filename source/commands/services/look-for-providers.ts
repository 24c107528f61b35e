import {locateHome} from '../../config/home.ts';
import {readNamedProviders} from '../../config/user-config.ts';
import {providerPresets} from '../../core/provider-presets.ts';
import {findProviders} from '../../providers/discovery/discover.ts';
import type {FoundProvider} from '../../providers/discovery/found-provider.ts';
import type {Io} from '../process/io.ts';

/** All providers that can be found, also while the person's configuration is malformed. */
export async function lookForProviders({
	environment,
	userHome,
}: Pick<Io, 'environment' | 'userHome'>): Promise<readonly FoundProvider[]> {
	const home = locateHome(environment, userHome);
	const services = await readNamedProviders(home).catch(() => providerPresets);
	return findProviders(environment, {services});
}
