import {isRecent, oldestGit, readGitVersion} from '../compose/git-version.ts';
import {locateHome, prepareHome, requireWritable} from '../config/home.ts';
import {createTeams} from '../config/team-config.ts';
import {readUserConfig} from '../config/user-config.ts';
import {createUnconfinedSandbox} from '../sandbox/unconfined.ts';
import {proxiesOf} from '../providers/transport/proxy.ts';
import type {Command} from './argv/command.ts';
import {nodeVersion} from './process/node-version.ts';
import {describeError} from './process/exit.ts';
import {printJson} from './services/checked-output.ts';
import {lookForProviders} from './services/look-for-providers.ts';
import {printProviders} from './services/print-providers.ts';
import {switchFlag} from './argv/flags.ts';
import type {Io} from './process/io.ts';
import {version} from './process/program.ts';

type Finding = {readonly what: string; readonly ok: boolean; readonly detail: string};

export const doctorCommand: Command = {
	name: 'doctor',
	flags: {json: {type: 'boolean'}},
	words: {min: 0, max: 0},
	async run({flags}, io) {
		const [findings, providers] = await Promise.all([
			Promise.all([
				checkNode(),
				checkGit(),
				checkHome(io),
				checkTeams(io),
				checkSandbox(io),
				...checkProxies(io),
			]),
			lookForProviders(io),
		]);
		const ok = findings.every(finding => finding.ok);
		if (switchFlag(flags, 'json')) {
			await printJson({version, ok, findings, providers}, io);
			return ok ? 0 : 1;
		}

		for (const {what, ok: good, detail} of findings) {
			io.print(`${io.paint(good ? 'good' : 'bad', good ? '✓' : '✗')} ${what.padEnd(13)} ${detail}`);
		}

		printProviders(providers, io, {withModels: true});
		return ok ? 0 : 1;
	},
};

async function checkNode(): Promise<Finding> {
	return {what: 'node', ok: true, detail: `${nodeVersion} (22.18 or newer required)`};
}

async function checkGit(): Promise<Finding> {
	const version = await readGitVersion();
	const ok = version !== undefined && isRecent(version);
	const detail = ok
		? version
		: `install git ${oldestGit} or newer: agents' work is isolated and merged with it`;
	return {what: 'git', ok, detail};
}

async function checkHome(io: Io): Promise<Finding> {
	const home = locateHome(io.environment, io.userHome);
	try {
		await prepareHome(home);
		await requireWritable(home);
		await readUserConfig(home);
		return {what: 'home', ok: true, detail: home.directory};
	} catch (error) {
		return {what: 'home', ok: false, detail: describeError(error).text.replace('\n', ' ')};
	}
}

async function checkTeams(io: Io): Promise<Finding> {
	try {
		const teams = await createTeams(locateHome(io.environment, io.userHome)).list();
		const names = teams.map(({name}) => name).join(', ');
		return {what: 'teams', ok: true, detail: names === '' ? 'none yet' : names};
	} catch (error) {
		return {what: 'teams', ok: false, detail: describeError(error).text.replace('\n', ' ')};
	}
}

/** Only mentioned if there are any. */
function checkProxies({environment}: Io): readonly Promise<Finding>[] {
	try {
		const proxies = proxiesOf(environment);
		const detail = proxies.map(({shown, from}) => `${shown} (from ${from})`).join(', ');
		return proxies.length === 0 ? [] : [Promise.resolve({what: 'proxy', ok: true, detail})];
	} catch (error) {
		const detail = describeError(error).text.replace('\n', ' ');
		return [Promise.resolve({what: 'proxy', ok: false, detail})];
	}
}

async function checkSandbox({environment}: Io): Promise<Finding> {
	const {label} = createUnconfinedSandbox({environment}).confinement;
	const detail = `${label}: agents' commands run with your permissions; each one needs your approval unless you set --permission all`;
	return {what: 'sandbox', ok: true, detail};
}
