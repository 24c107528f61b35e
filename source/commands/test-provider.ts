import {systemClock} from '../compose/clock.ts';
import {openTarget} from '../compose/connect.ts';
import {locateHome} from '../config/home.ts';
import {targetOf} from '../config/team-config.ts';
import {readNamedProviders} from '../config/user-config.ts';
import {isProviderType} from '../core/settings.ts';
import {sanitizeLine} from '../core/text.ts';
import {proxyFor} from '../providers/transport/proxy.ts';
import {probeSteps, type ProbeStepName} from '../providers/discovery/probe-options.ts';
import {testProvider, type ProbeStep} from '../providers/discovery/probe.ts';
import type {Provider} from '../providers/provider.ts';
import {duration, failureLine} from '../present/words.ts';
import {outcomeExit} from './process/exit.ts';
import {addressFlags, addressOf, flagsOfAddress} from './argv/address-flags.ts';
import type {Command, FlagValues} from './argv/command.ts';
import {switchFlag, textFlag} from './argv/flags.ts';
import type {Io} from './process/io.ts';
import {shellWord} from './argv/shell-word.ts';
import {printJson} from './services/checked-output.ts';

export const testProviderCommand: Command = {
	name: 'test-provider',
	flags: {
		model: {type: 'string', shortFlag: 'm'},
		baseUrl: {type: 'string', shortFlag: 'u'},
		...addressFlags,
		json: {type: 'boolean'},
	},
	words: {min: 1, max: 1},
	async run({words, flags}, io) {
		const [given = ''] = words;
		const [type = '', ...named] = given.split(':');
		const json = switchFlag(flags, 'json');
		const model = textFlag(flags, 'model') ?? (named.join(':') || undefined);
		const provider = await providerOf(type, flags, io);
		const stop = new AbortController();
		const steps: ProbeStep[] = [];
		let current: ProbeStepName = 'reach';
		let signalled: Signal = 'SIGINT';
		const stopSignals = io.onSignal(signal => {
			signalled = signal;
			stop.abort();
		});
		if (!json) {
			const proxy = proxyFor(provider.endpoint, io.environment);
			const way = proxy ? ` through the proxy ${proxy.shown} (from ${proxy.from})` : '';
			io.print(`${type}${type === 'demo' ? ':' : ' at'} ${provider.endpoint}${way}`);
		}

		try {
			const result = await testProvider(provider, model, {
				signal: stop.signal,
				now: systemClock.monotonic,
				service: isProviderType(type) ? undefined : type,
				formatModel: model => `-m ${shellWord(model)}`,
				onStart(step) {
					current = step;
				},
				onStep(step) {
					steps.push(step);
					if (!json) {
						printStep(step, io);
					}
				},
			});
			if (json) {
				await printJson(result, io);
				return result.ok ? 0 : outcomeExit('no-provider');
			}

			if (result.leftOut.length > 0) {
				const names = sanitizeLine(result.leftOut.join(', '));
				io.print(`Left out, because this server refuses it: ${names}`);
			}

			if (result.ok) {
				io.print(nextStep(type, model, flags));
			}

			return result.ok ? 0 : outcomeExit('no-provider');
		} catch (error) {
			if (!stop.signal.aborted) {
				throw error;
			}

			if (json) {
				const {endpoint} = provider;
				const interrupted = {interrupted: current, steps};
				await printJson({type, endpoint, model, ok: false, ...interrupted}, io);
			} else {
				io.printError(interruptedText(current));
			}

			return outcomeExit(signalled === 'SIGINT' ? 'interrupted' : 'terminated');
		} finally {
			stopSignals();
		}
	},
};

/** The provider as a run would use it, but the address may come from the command line. */
async function providerOf(name: string, flags: FlagValues, io: Io): Promise<Provider> {
	const {environment} = io;
	const {baseUrl, address} = addressOf(flags, textFlag(flags, 'baseUrl'));
	const home = locateHome(environment, io.userHome);
	const target = targetOf({type: name, baseUrl, ...address}, await readNamedProviders(home));
	return openTarget(target, {
		environment,
		clock: systemClock,
		pace: 'fast',
		addressFrom: baseUrl === undefined ? undefined : '--base-url',
	});
}

type Signal = Parameters<Parameters<Io['onSignal']>[0]>[0];

function interruptedText(current: ProbeStepName): string {
	const done = probeSteps.indexOf(current);
	return `Stopped during ${current}: ${done} of ${probeSteps.length} steps done.`;
}

function printStep(step: ProbeStep, io: Io): void {
	const time = io.paint('quiet', `(${duration(step.ms)})`);
	const name = step.name.padEnd(12);
	switch (step.outcome) {
		case 'ok':
			io.print(`${io.paint('good', '✓')} ${name} ${sanitizeLine(step.detail)} ${time}`);
			break;
		case 'warning': {
			const next = step.hint === undefined ? '' : ` → ${step.hint}`;
			const mark = step.skipped ? io.paint('quiet', '–') : io.paint('warning', '!');
			io.print(`${mark} ${name} ${sanitizeLine(step.detail + next)} ${time}`);
			break;
		}

		case 'failed':
			io.printError(`✗ ${name} ${sanitizeLine(failureLine(step.failure))}`);
			break;
	}
}

/** The command that creates a team with what was tested. */
function nextStep(type: string, model: string | undefined, flags: FlagValues): string {
	const {baseUrl, address} = addressOf(flags, textFlag(flags, 'baseUrl'));
	const same = flagsOfAddress(baseUrl, address);
	const command = [
		`llm-orchestrator create my-team --provider ${type}`,
		...(model === undefined ? [] : [`--model ${shellWord(model)}`]),
		...same.flags,
	].join(' ');
	return `Next: ${[...same.first.map(sanitizeLine), command].join(', then: ')}`;
}
