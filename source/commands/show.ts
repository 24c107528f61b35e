import {shownRunJsonSchema} from '../compose/json-schemas.ts';
import {createRunCatalog, readState} from '../compose/run-catalog.ts';
import {workDirectoryOf} from '../config/home.ts';
import {printedEvent} from '../core/printed-event.ts';
import type {RunState} from '../core/run-state.ts';
import {shownRun} from '../core/shown-run.ts';
import {sanitizeLine} from '../core/text.ts';
import {UsageError} from '../core/usage-error.ts';
import {wholeEvent} from '../reporters/json.ts';
import type {Store} from '../store/store.ts';
import {readChange} from '../workspace/read-change.ts';
import type {Command, FlagValues} from './argv/command.ts';
import {switchFlag, textFlag} from './argv/flags.ts';
import type {Io} from './process/io.ts';
import {openStore, type OpenedStore} from './services/open-store.ts';
import {
	openCheckedOutput,
	printExactly,
	printJson,
	printJsonSchema,
} from './services/checked-output.ts';
import {readStanding} from './services/run-standing.ts';
import {printRun} from './views/print-run.ts';

export const showCommand: Command = {
	name: 'show',
	flags: {
		json: {type: 'boolean'},
		events: {type: 'boolean'},
		full: {type: 'boolean'},
		diff: {type: 'boolean'},
		blob: {type: 'string'},
		jsonSchema: {type: 'boolean'},
	},
	words: {min: 0, max: 1},
	async run({words: [reference], flags}, io) {
		if (switchFlag(flags, 'jsonSchema')) {
			await printJsonSchema(shownRunJsonSchema(), io);
			return 0;
		}

		const asked = readQuestion(flags);
		if (reference === undefined) {
			throw new UsageError('which run?', 'example: llm-orchestrator show last');
		}

		const opened = await openStore(io);
		const {store} = opened;
		const id = await createRunCatalog(store).resolve(reference);
		switch (asked.kind) {
			case 'blob':
				await printExactly(await readBlob(store, id, asked.hash), io);
				break;
			case 'diff':
				await printExactly(await readDiff(opened, id, io), io);
				break;
			case 'event-lines':
				await printEvents(store, id, asked, io);
				break;
			case 'document': {
				const {state, ...standing} = await readStanding(store, id);
				await printJson(shownRun(state, standing), io);
				break;
			}

			case 'text': {
				const events = asked.events ? (await store.read(id)).events : [];
				printRun(await readStanding(store, id), {events, address: store.addressOf(id)}, io);
			}
		}

		return 0;
	},
};

/** What of a run is asked for. */
type Question =
	| {readonly kind: 'text'; readonly events: boolean}
	| {readonly kind: 'document'}
	| {readonly kind: 'event-lines'; readonly full: boolean}
	| {readonly kind: 'diff'}
	| {readonly kind: 'blob'; readonly hash: string};

function readQuestion(flags: FlagValues): Question {
	const hash = textFlag(flags, 'blob');
	const [events, json, full] = [
		switchFlag(flags, 'events'),
		switchFlag(flags, 'json'),
		switchFlag(flags, 'full'),
	];
	if (full && !(events && json)) {
		throw new UsageError(
			'--full has no effect without --events and --json',
			'example: llm-orchestrator show last --events --json --full',
		);
	}

	const diff = switchFlag(flags, 'diff');
	requireAlone(
		{'--blob': hash !== undefined, '--diff': diff},
		{'--events': events, '--json': json},
	);
	if (hash !== undefined) {
		return {kind: 'blob', hash};
	}

	if (diff) {
		return {kind: 'diff'};
	}

	if (json) {
		return events ? {kind: 'event-lines', full} : {kind: 'document'};
	}

	return {kind: 'text', events};
}

/** Throws `UsageError` if a text to print as it is was asked for together with anything else. */
function requireAlone(
	exact: Readonly<Record<string, boolean>>,
	others: Readonly<Record<string, boolean>>,
): void {
	const given = (flags: Readonly<Record<string, boolean>>) =>
		Object.keys(flags).filter(name => flags[name] === true);
	const [first] = given(exact);
	const other = given({...exact, ...others}).find(name => name !== first);
	if (first !== undefined && other !== undefined) {
		throw new UsageError(`${first} and ${other} cannot be combined`, 'omit one of them');
	}
}

/** The events of the log, as `run --json` prints them. */
async function printEvents(
	store: Store,
	id: string,
	{full}: {readonly full: boolean},
	io: Io,
): Promise<void> {
	const output = openCheckedOutput(io, {forPeople: false});
	const {events} = await store.read(id);
	for (const event of events) {
		const printed = full
			? await wholeEvent(event, async blob => store.readBlob(id, blob))
			: printedEvent(event);
		output.write(`${JSON.stringify(printed)}\n`);
	}

	await output.flush();
}

/** A text of the run that is stored by its hash, as events name it. */
async function readBlob(store: Store, run: string, hash: string): Promise<string> {
	const text = /^[\da-f]{64}$/.test(hash) ? await store.readBlob(run, hash) : undefined;
	if (text === undefined) {
		throw new UsageError(
			`run ${run} has no text "${sanitizeLine(hash).slice(0, 80)}"`,
			'use the value of "blob" in an event of this run',
		);
	}

	return text;
}

/** The merged change as a unified diff; empty if there is none. */
async function readDiff(
	{home, store}: OpenedStore,
	id: string,
	{environment}: Io,
): Promise<string> {
	const change = changeOf(await readState(store, id));
	return change ? readChange(workDirectoryOf(home, id), change, {environment}) : '';
}

/** The merged change: what was delivered, or would be. */
function changeOf({
	workspace,
	head,
	delivery,
}: RunState): {base: string; commit: string} | undefined {
	const commit = delivery?.head ?? head;
	return workspace === undefined || commit === undefined
		? undefined
		: {base: workspace.base, commit};
}
