import type {RunReport} from '../../core/run-report.ts';
import {sanitizeLine} from '../../core/text.ts';
import {permissionText} from '../../present/permission-text.ts';
import {lastLine} from '../../present/summary.ts';
import {rowWidth, span, spread, type Row} from '../../present/text/row.ts';
import {counted} from '../../present/words.ts';
import type {AppState} from '../app-store.ts';
import {Rows} from '../widgets/rows.tsx';
import type {RunScreenProps} from './part-props.ts';
import {keysRow} from './keys-row.ts';
import {canShowEnd, queueOf, shownRequest, type RunView} from './run-view.ts';

/** Two lines: what was last told (or a failure that nobody has seen), and the keys. */
export function StatusRows({view, state, app}: RunScreenProps) {
	const rows = [noticeRow(view, state), keysRow(view, state)];
	return <Rows rows={rows} width={state.columns} height={2} theme={app.theme} />;
}

function noticeRow(view: RunView, {notice, columns}: AppState): Row {
	const unseen = view.session.failures.unseen();
	const [failure] = unseen;
	const put = queueOf(view).length > 0 && !shownRequest(view);
	const later: Row = put
		? [
				span(` ${counted(queueOf(view).length, 'decision')} put off, the run waits: v`, 'warning'),
				span('  '),
			]
		: [];
	const hasEnded = view.session.state().report !== undefined;
	if (notice?.atEnd === hasEnded) {
		return [...later, span(` ${notice.text}`, notice.tone)];
	}

	if (failure && !view.abandoned && !hasEnded) {
		const more = unseen.length > 1 ? ` (+${unseen.length - 1})` : '';
		return spread(
			[...later, span(` ✗ ${failure.text}`, 'bad')],
			[span(`${more}  `, 'bad'), span('!', 'accent'), span(' shows it ', 'quiet')],
			columns,
		);
	}

	const status = [...later, ...statusOf(view)];
	if (failure) {
		const rest = [
			span(`✗ ${counted(unseen.length, 'failure')} not seen: `, 'bad'),
			span('! ', 'accent'),
		];
		return spread(status, rest, columns);
	}

	const isWorthIt = !isCompleted(view) || rowWidth(status) > columns;
	const hasMore = canShowEnd(view) && view.zoom?.kind !== 'end' && isWorthIt;
	return spread(
		status,
		hasMore ? [span('!', 'accent'), span(' shows all ', 'quiet')] : [],
		columns,
	);
}

function isCompleted({session}: RunView): boolean {
	return session.state().report?.outcome === 'completed';
}

/** The closing line but for commands that a key of this screen does: resume, undo, show. */
function withoutKeys({next, ...report}: RunReport): RunReport {
	const isKey = /^llm-orchestrator (?:resume|undo|show) /.test(next ?? '');
	return next === undefined || isKey ? report : {...report, next};
}

function statusOf({session, abandoned}: RunView): Row {
	const {directory, report, settings, status} = session.state();
	if (report) {
		const tone = report.outcome === 'completed' ? 'good' : 'warning';
		const shown = session.source.kind === 'replay' ? report : withoutKeys(report);
		return [span(` ${lastLine(shown)}`, tone)];
	}

	if (abandoned) {
		return [span(' Its process has died: nobody works on this run. R resumes it here.', 'warning')];
	}

	switch (status) {
		case 'planning':
			return [span(' The lead makes the plan.', 'quiet')];
		case 'awaiting-approval':
			return [span(' The plan waits for you.', 'warning')];
		case 'paused':
			return [span(' Paused: nothing new starts. p goes on.', 'warning')];
		default:
			return [
				span(
					` ${settings ? `${permissionText(settings)} · ` : ''}${sanitizeLine(directory)}`,
					'quiet',
				),
			];
	}
}
