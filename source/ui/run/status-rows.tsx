import type {RunReport} from '../../core/run-report.ts';
import {counted, sanitizeLine} from '../../core/text.ts';
import {permissionText} from '../../present/permission-text.ts';
import {lastLine} from '../../present/summary.ts';
import {rowWidth, span, spread, type Row} from '../../present/text/row.ts';
import type {AppState} from '../app-store.ts';
import {Rows} from '../widgets/rows.tsx';
import type {RunScreenProps} from './part-props.ts';
import {keysRow} from './keys/keys-row.ts';
import {canShowEnd, requestQueue, shownRequest, type RunView} from './run-view.ts';

/** Two lines: the latest notice, unseen failure or status, and the key hints. */
export function StatusRows({view, state, app}: RunScreenProps) {
	const rows = [noticeRow(view, state), keysRow(view, state)];
	return <Rows rows={rows} width={state.columns} height={2} theme={app.theme} />;
}

function noticeRow(view: RunView, {notice, columns}: AppState): Row {
	const unseen = view.session.failures.unseen();
	const [failure] = unseen;
	const arePostponed = requestQueue(view).length > 0 && !shownRequest(view);
	const later: Row = arePostponed
		? [
				span(
					` ${counted(requestQueue(view).length, 'decision')} postponed, the run is waiting for you: v`,
					'warning',
				),
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
			span(`✗ ${counted(unseen.length, 'unseen failure')}: `, 'bad'),
			span('! ', 'accent'),
		];
		return spread(status, rest, columns);
	}

	const isUseful = !isCompleted(view) || rowWidth(status) > columns;
	const hasMore = canShowEnd(view) && view.zoom?.kind !== 'end' && isUseful;
	return spread(
		status,
		hasMore ? [span('!', 'accent'), span(' shows all ', 'quiet')] : [],
		columns,
	);
}

function isCompleted({session}: RunView): boolean {
	return session.state().report?.outcome === 'completed';
}

/** The closing report, without a next command that is a single key here: resume, undo, show. */
function withoutKeyCommand({next, ...report}: RunReport): RunReport {
	const isKey =
		report.hint === undefined && /^llm-orchestrator (?:resume|undo|show) /.test(next ?? '');
	return next === undefined || isKey ? report : {...report, next};
}

function statusOf({session, abandoned}: RunView): Row {
	const {directory, report, settings, status} = session.state();
	if (report) {
		const tone = report.outcome === 'completed' ? 'good' : 'warning';
		const shown = session.source.kind === 'replay' ? report : withoutKeyCommand(report);
		return [span(` ${lastLine(shown)}`, tone)];
	}

	if (abandoned) {
		return [span(' Its process died. R resumes the run here.', 'warning')];
	}

	switch (status) {
		case 'planning':
			return [span(' The lead is planning.', 'quiet')];
		case 'awaiting-approval':
			return [span(' The plan is waiting for your approval.', 'warning')];
		case 'paused':
			return [span(' Paused: nothing new starts. p unpauses.', 'warning')];
		default:
			return [
				span(
					` ${settings ? `${permissionText(settings)} · ` : ''}${sanitizeLine(directory)}`,
					'quiet',
				),
			];
	}
}
