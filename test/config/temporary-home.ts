import path from 'node:path';
import {locateHome, type Home} from '../../source/config/home.ts';
import {temporaryDirectory} from '../helpers/temporary-directory.ts';

/** The places of a home that is not made yet, gone after the running test. */
export async function temporaryHome(): Promise<Home> {
	const directory = path.join(await temporaryDirectory(), 'home');
	return locateHome({LLM_ORCHESTRATOR_HOME: directory}, '/nowhere');
}
