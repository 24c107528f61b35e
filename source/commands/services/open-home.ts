import {locateHome, prepareHome, type Home} from '../../config/home.ts';
import type {Io} from '../process/io.ts';

/** The user's home directory, created if missing. */
export async function openHome(io: Io): Promise<Home> {
	const home = locateHome(io.environment, io.userHome);
	await prepareHome(home);
	return home;
}
