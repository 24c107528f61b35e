import {locateHome, prepareHome, type Home} from '../../config/home.ts';
import type {Io} from '../process/io.ts';

/** The person's home, made if it is not there. */
export async function openHome(io: Io): Promise<Home> {
	const home = locateHome(io.environment, io.userHome);
	await prepareHome(home);
	return home;
}
