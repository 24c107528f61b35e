import type {Check} from '../core/plan.ts';
import type {RunState} from '../core/run-state.ts';
import type {AttemptContext} from './attempt-context.ts';
import {runChecks} from './checks.ts';
import type {RunParts} from './parts.ts';
import type {Recorder} from './recorder.ts';
import {RunEnd} from './stop.ts';

export type DeliverOptions = {
	readonly recorder: Recorder;
	readonly parts: RunParts;
	readonly context: Pick<AttemptContext, 'emit' | 'barrier' | 'keep' | 'redact' | 'signal'>;
	readonly commandTimeoutMs: number;
};

/** Runs the checks of the whole on the merged result. Throws `RunEnd` when one is red. */
export async function verifyWhole(options: DeliverOptions): Promise<void> {
	const {recorder, parts} = options;
	const checks = finalChecks(recorder.state);
	if (checks.length === 0) {
		return;
	}

	const {directory} = await parts.workspace.open('final', await parts.workspace.head());
	try {
		const results = await runChecks(checks, {
			sandbox: parts.sandbox,
			directory,
			timeoutMs: options.commandTimeoutMs,
			clock: parts.clock,
			context: options.context,
			session: {},
			place: 'whole',
		});
		const red = results.filter(({passed}) => !passed);
		if (red.length > 0) {
			const names = red.map(({command, ending}) => `\`${command}\` (${ending})`).join(', ');
			throw new RunEnd('failed', `the merged result fails ${names}`);
		}
	} finally {
		await parts.workspace.remove('final').catch(() => undefined);
	}
}

/** Brings the merged change into the person's directory, or beside it; goes on where a crash left it. */
export async function deliverChange({recorder, parts}: DeliverOptions): Promise<void> {
	const {state} = recorder;
	const {workspace} = parts;
	const base = state.workspace?.base;
	if (base === undefined || state.delivery?.done === true) {
		return;
	}

	const head = await workspace.head();
	if (state.delivery?.head !== head) {
		const plan = await workspace.planDelivery(base, head);
		const {mode, paths, reason} = plan;
		recorder.emit({
			type: 'delivery-started',
			mode,
			head,
			paths: [...paths],
			...(reason === undefined ? {} : {reason}),
		});
	}

	await recorder.barrier();
	const {mode = 'apply', paths = [], reason} = state.delivery ?? {};
	const delivered = await workspace.deliver(base, head, {mode, paths, reason});
	recorder.emit({
		type: 'delivery-finished',
		mode: delivered.mode,
		files: [...delivered.files],
		...(delivered.target === undefined ? {} : {target: delivered.target}),
	});
	await recorder.barrier();
}

function finalChecks(state: RunState): readonly Check[] {
	const own = (state.settings?.checks ?? []).map(command => ({name: command, command}));
	const planned = state.plan?.plan.checks ?? [];
	return [...new Map([...own, ...planned].map(check => [check.command, check])).values()];
}
