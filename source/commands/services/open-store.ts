import {locateHome, prepareHome, type Home} from '../../config/home.ts';
import {readSecretVariables} from '../../config/secret-variables.ts';
import {createRedactor, type Redact} from '../../core/redact.ts';
import type {Environment} from '../../core/environment.ts';
import {providerDefaults} from '../../providers/defaults.ts';
import {createFileStore} from '../../store/file/store.ts';
import type {Store} from '../../store/store.ts';
import type {Io} from '../process/io.ts';

export type OpenedStore = {readonly home: Home; readonly store: Store; readonly redact: Redact};

/** The user's home directory and its store, created if missing. */
export async function openStore(io: Io): Promise<OpenedStore> {
	const home = locateHome(io.environment, io.userHome);
	await prepareHome(home);
	const named = await readSecretVariables(home);
	const redact = createRedactor(secretsOf(io.environment, named));
	const warn = (text: string) => {
		io.printError(text);
	};
	const store = createFileStore({directory: home.runsDirectory, redact, warn});
	io.closeLater(store.close);
	return {home, redact, store};
}

/**
 * Values that must never be written to disk: API keys, and variables named like secrets, or by the person
 * as the variable of a key.
 */
function secretsOf(environment: Environment, named: ReadonlySet<string>): readonly string[] {
	const byDefault = Object.values(providerDefaults).map(({keyVariable}) => keyVariable);
	const keys = new Set([...byDefault, ...named]);
	return Object.entries(environment).flatMap(([name, value]) =>
		value !== undefined && (keys.has(name) || namedLikeKey.test(name)) ? [value] : [],
	);
}

const namedLikeKey = /(^|_)(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i;
