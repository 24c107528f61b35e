/*
 * Follows a run that another process works on: prints its events and approves its plan. Run
 * `npm run build` first, then:
 *
 *     node examples/follow.ts [RUN]
 */
import {homedir} from 'node:os';
import path from 'node:path';
import {
	createFileStore,
	createRedactor,
	createRunCatalog,
	openApprovals,
	UsageError,
	type Run,
} from 'llm-orchestrator';

const home = process.env['LLM_ORCHESTRATOR_HOME'] ?? path.join(homedir(), '.llm-orchestrator');
const store = createFileStore({directory: path.join(home, 'runs'), redact: createRedactor([])});
const catalog = createRunCatalog(store);
const stop = new AbortController();

async function approvePlan(run: Run): Promise<void> {
	for (const {id, subject} of openApprovals(run.state())) {
		if (subject.kind === 'plan') {
			const {kind} = await run.send({
				type: 'decide',
				approval: id,
				decision: 'approve',
				scope: 'once',
			});
			console.log(`approve ${id}: ${kind}`);
		}
	}
}

try {
	const id = await catalog.resolve(process.argv[2] ?? 'last');
	const run = await catalog.open(id, stop.signal);
	for (const {seq, type} of await run.events()) {
		console.log(`${seq} ${type}`);
	}

	run.subscribe(({seq, type}) => {
		console.log(`${seq} ${type}`);
		if (type === 'approval-requested') {
			void approvePlan(run);
		}
	});
	if (await catalog.isLive(id)) {
		await approvePlan(run);
		const {outcome} = await run.done;
		console.log(`${outcome}: see llm-orchestrator show ${id}`);
	} else {
		console.log(`no process works on it: ${run.state().report?.outcome ?? 'it was killed'}`);
	}
} catch (error) {
	if (!(error instanceof UsageError)) {
		throw error;
	}

	console.error([error.message, error.hint].filter(Boolean).join('; '));
	process.exitCode = 2;
} finally {
	stop.abort();
	await store.close();
}
