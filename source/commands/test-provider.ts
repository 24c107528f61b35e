import {systemClock} from '../compose/clock.ts';
import {openProvider} from '../compose/connect.ts';
import {UsageError} from '../core/usage-error.ts';
import {sanitizeLine} from '../core/text.ts';
import {testProvider, type ProbeStep} from '../providers/probe.ts';
import {providerTypes} from '../core/settings.ts';
import {duration, failureLine} from '../present/words.ts';
import {outcomeExit} from './exit.ts';
import type {Command} from './command.ts';
import {switchFlag, textFlag} from './flags.ts';
import type {Io} from './io.ts';

export const testProviderCommand: Command = {
	name: 'test-provider',
	flags: {
		model: {type: 'string', shortFlag: 'm'},
		baseUrl: {type: 'string', shortFlag: 'u'},
		json: {type: 'boolean'},
	},
	words: {min: 1, max: 1},
	async run({words, flags}, io) {
		const [name = ''] = words;
		const type = providerTypes.find(known => known === name);
		if (!type) {
			throw new UsageError(
				`there is no provider "${name}"`,
				`there are: ${providerTypes.join(', ')}`,
			);
		}

		const json = switchFlag(flags, 'json');
		const {environment} = io;
		const provider = await openProvider(type, textFlag(flags, 'baseUrl'), {
			environment,
			clock: systemClock,
			pace: 'fast',
		});
		const stop = new AbortController();
		const stopSignals = io.onSignal(() => {
			stop.abort();
		});
		if (!json) {
			io.print(`${type} at ${provider.endpoint}`);
		}

		try {
			const result = await testProvider(provider, textFlag(flags, 'model'), {
				signal: stop.signal,
				now: systemClock.monotonic,
				...(json
					? {}
					: {
							onStep(step) {
								printStep(step, io);
							},
						}),
			});
			if (json) {
				io.print(JSON.stringify(result));
			} else if (result.ok) {
				io.print(`Next: llm-orchestrator create my-team --provider ${type}`);
			}

			return result.ok ? 0 : outcomeExit('no-provider');
		} finally {
			stopSignals();
		}
	},
};

function printStep(step: ProbeStep, io: Io): void {
	const time = io.paint('quiet', `(${duration(step.ms)})`);
	const name = step.name.padEnd(12);
	switch (step.outcome) {
		case 'ok':
			io.print(`${io.paint('good', '✓')} ${name} ${sanitizeLine(step.detail)} ${time}`);
			break;
		case 'warning':
			io.print(`${io.paint('warning', '!')} ${name} ${sanitizeLine(step.detail)} ${time}`);
			break;
		case 'failed':
			io.complain(`✗ ${name} ${sanitizeLine(failureLine(step.failure))}`);
			break;
	}
}
