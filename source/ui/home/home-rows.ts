import type {ProviderSummary, TeamSummary, TestLine} from '../../core/actions.ts';
import type {RunSummary} from '../../core/run-summary.ts';
import {counted, sanitizeLine} from '../../core/text.ts';
import {span, spread, type Row} from '../../present/text/row.ts';
import {hangRow} from '../../present/text/wrap-row.ts';
import {ago, asciiRunGlyphs, runGlyphs, statusText} from '../../present/words.ts';

/** `my-team   anthropic claude-sonnet-5 · 3 teammates`. */
export function teamRow({name, provider, model, teammates}: TeamSummary): Row {
	return [
		span(` ${sanitizeLine(name).padEnd(14)} `),
		span(
			`${sanitizeLine(provider)}${model === undefined ? '' : ` ${sanitizeLine(model)}`}`,
			'accent',
		),
		span(` · ${counted(teammates, 'teammate')}`, 'quiet'),
	];
}

/** One run: status, progress, task, age. */
export function runRow(
	run: RunSummary,
	{width, ascii, now}: {readonly width: number; readonly ascii: boolean; readonly now: number},
): Row {
	if (run.problem !== undefined) {
		return [
			span(` ! ${sanitizeLine(run.run)} cannot be read: ${sanitizeLine(run.problem)}`, 'bad'),
		];
	}

	const tone = toneOf(run);
	const glyph = (ascii ? asciiRunGlyphs : runGlyphs)[run.status];
	const progress = run.subtasks === 0 ? '' : `${run.completed}/${run.subtasks}`;
	const status = run.undone ? 'undone' : statusWords(run);
	const left: Row = [
		span(` ${glyph} ${status.padEnd(18)} `, tone),
		span(`${progress.padStart(5)}  `),
		span(sanitizeLine(run.task)),
	];
	const when = ago(now - Date.parse(run.startedAt));
	return spread(left, [span(`${sanitizeLine(run.team)} · ${when} `, 'quiet')], width);
}

/** `running, live`; `waiting for you`. */
function statusWords({status, live, unverified}: RunSummary): string {
	if (unverified) {
		return 'done, unverified';
	}

	return status === 'awaiting-approval' ? statusText(status) : `${status}${live ? ', live' : ''}`;
}

/** Most models listed in a provider's row. */
const maxListedModels = 4;

/** A provider with what was found, or how to set it up. */
export function providerRow({type, usable, detail, models}: ProviderSummary, ascii: boolean): Row {
	const more = models.length > maxListedModels ? [`${models.length - maxListedModels} more`] : [];
	const names = [...models.slice(0, maxListedModels).map(sanitizeLine), ...more];
	const list = names.length === 0 ? '' : ` · ${names.join(', ')}`;
	const sign = usable ? (ascii ? '+' : '✓') : ascii ? '-' : '–';
	return [
		span(` ${sign} ${type.padEnd(13)} `, usable ? 'good' : 'quiet'),
		span(`${sanitizeLine(detail)}${list}`, usable ? 'plain' : 'quiet'),
	];
}

/** All steps of a provider test. */
export function testRows(
	lines: readonly TestLine[],
	{width, ascii}: {readonly width: number; readonly ascii: boolean},
): readonly Row[] {
	const signs = ascii ? {ok: '+', warning: '!', failed: 'x'} : {ok: '✓', warning: '!', failed: '✗'};
	const tones = {ok: 'good', warning: 'warning', failed: 'bad'} as const;
	return lines.flatMap(({outcome, text}) =>
		hangRow(
			{first: [span(` ${signs[outcome]} `, tones[outcome])], rest: [span('   ')]},
			[span(sanitizeLine(text))],
			width,
		),
	);
}

/**
 * How many items of a list are hidden, for its title: ` · 2 more above, 3 more below`; empty when all
 * are visible. `isOpen`: there may be more that are not loaded.
 */
export function hiddenCounts(
	{top, shown, length}: {readonly top: number; readonly shown: number; readonly length: number},
	isOpen = false,
): Row {
	const below = Math.max(0, length - top - shown);
	const count = below === 0 ? '' : `${below}${isOpen ? '+' : ''} `;
	const parts = [
		...(top > 0 ? [`${top} more above`] : []),
		...(below > 0 || isOpen ? [`${count}more below`] : []),
	];
	return parts.length === 0 ? [] : [span(` · ${parts.join(', ')}`, 'quiet')];
}

/**
 * What to do while there is no team: set up a provider, or run the demo. Users with runs get no
 * introduction.
 */
export function welcomeRows(
	providers: readonly ProviderSummary[] | undefined,
	{width, hasRuns}: {readonly width: number; readonly hasRuns: boolean},
): readonly Row[] {
	const first = providers?.find(({usable}) => usable);
	const text = (...row: Row) => hangRow({first: [span(' ')], rest: [span(' ')]}, row, width);
	const key = (name: string, ...row: Row) =>
		hangRow({first: [span(`  ${name}  `, 'accent')], rest: [span(' '.repeat(5))]}, row, width);
	const line = (command: string, more: string) =>
		hangRow(
			{first: [span(' '.repeat(5))], rest: [span(' '.repeat(7))]},
			[span(command, 'heading'), span(`   ${more}`, 'quiet')],
			width,
		);
	const demo = key(
		'd',
		span('the demo: a complete run with a scripted model; no API key, no network'),
	);
	const team = first
		? key(
				'n',
				span(`a team with ${first.type}, which is available (${sanitizeLine(first.detail)})`),
			)
		: [
				...text(
					span(
						`${hasRuns ? 'A task needs a team. ' : ''}To use a real provider, run one of these, then `,
					),
					span('n', 'accent'),
					span(' creates a team:'),
				),
				...line('export ANTHROPIC_API_KEY=…', 'or OPENAI_API_KEY'),
				...line('ollama serve', 'then: ollama pull llama3.2'),
				...line('llama-server --jinja -m model.gguf', 'or the LM Studio server'),
			];
	return hasRuns ? [...team, [], ...demo] : [...text(span(purpose)), [], ...demo, [], ...team];
}

const purpose =
	'Lead a team of LLM agents through a task in a directory: they plan it, you approve the plan, they work in parallel, checks decide what is done, and you can undo it all.';

function toneOf({status, live, undone, unverified}: RunSummary): Row[number]['tone'] {
	if (live) {
		return 'accent';
	}

	switch (status) {
		case 'completed':
			return undone ? 'quiet' : unverified ? 'warning' : 'good';
		case 'failed':
		case 'rejected':
			return 'bad';
		case 'stopped':
		case 'paused':
		case 'awaiting-approval':
			return 'warning';
		case 'planning':
		case 'running':
		case 'cancelled':
			return 'quiet';
	}
}
