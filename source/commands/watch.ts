import type {RunEvent} from '../core/run-event.ts';
import type {RunState} from '../core/run-state.ts';
import {readPast} from '../core/run-past.ts';
import type {Run} from '../core/run.ts';
import {UsageError} from '../core/usage-error.ts';
import {closingLine} from './conduct-in-lines.ts';
import {createInlineReporter} from '../reporters/inline.ts';
import {createAgentReporter} from '../reporters/agent.ts';
import type {Reporter} from '../reporters/reporter.ts';
import type {Command} from './command.ts';
import {textFlag} from './flags.ts';
import type {Io} from './io.ts';
import {openStore} from './open-store.ts';
import {createRunCatalog} from './run-catalog.ts';

export const watchCommand: Command = {
	name: 'watch',
	flags: {agent: {type: 'string'}},
	words: {min: 1, max: 1},
	async run({words: [reference = ''], flags}, io) {
		const {store} = await openStore(io);
		const catalog = createRunCatalog(store);
		const id = await catalog.resolve(reference);
		const stop = new AbortController();
		const stopSignals = io.onSignal(() => {
			stop.abort();
		});
		try {
			const run = await catalog.open(id, stop.signal);
			return await watchRun(run, textFlag(flags, 'agent'), io, stop.signal);
		} finally {
			stop.abort();
			stopSignals();
		}
	},
};

/**
 * Prints what happens in a run, line by line, from its beginning to its end, or of one agent all that
 * it says and does. Only looks: to stop it stops nothing else. Returns the exit code of the run.
 */
export async function watchRun(
	run: Run,
	agent: string | undefined,
	io: Io,
	signal: AbortSignal,
): Promise<number> {
	requireAgent(agent, run.state());
	const unread = Promise.withResolvers<void>();
	const output = io.openOutput(() => {
		unread.resolve();
	});
	const reporter: Reporter =
		agent === undefined
			? createInlineReporter(output, io.paint)
			: createAgentReporter(output, {agent, paint: io.paint, columns: io.columns()});
	const waiting: RunEvent[] = [];
	let isLive = false;
	run.subscribe((event, state) => {
		if (isLive) {
			reporter.event(event, state);
		} else {
			waiting.push(event);
		}
	});
	run.watch(delta => {
		reporter.delta(delta);
	});
	await showPast(run, agent, reporter);
	isLive = true;
	for (const event of waiting) {
		reporter.event(event, run.state());
	}

	const ended = await Promise.race([
		run.done.catch(() => undefined),
		unread.promise,
		new Promise<void>(resolve => {
			signal.addEventListener('abort', () => {
				resolve();
			});
		}),
	]);
	if (!ended) {
		return 0;
	}

	await reporter.end(ended, run.state());
	io.complain(closingLine(ended, run.id));
	return ended.exitCode;
}

async function showPast(run: Run, agent: string | undefined, reporter: Reporter): Promise<void> {
	for await (const piece of readPast(run, agent === undefined ? [] : [agent])) {
		if ('event' in piece) {
			reporter.event(piece.event, run.state());
		} else {
			reporter.delta(piece.delta);
		}
	}
}

function requireAgent(agent: string | undefined, {team}: RunState): void {
	const names = team ? [team.lead.name, ...team.teammates.map(({name}) => name)] : [];
	if (agent !== undefined && !names.includes(agent)) {
		throw new UsageError(`nobody is called "${agent}"`, `there are: ${names.join(', ')}`);
	}
}
