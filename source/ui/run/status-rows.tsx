import {sanitizeLine} from '../../core/text.ts';
import {rowWidth, span, spread, type Row} from '../../present/row.ts';
import {counted} from '../../present/words.ts';
import type {AppState} from '../app-store.ts';
import {hintsOf} from '../keys/hints.ts';
import {Rows} from '../widgets/rows.tsx';
import type {RunScreenProps} from './run-screen.tsx';
import {queueOf, shownRequest, type RunView} from './run-view.ts';

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
		? [span(` ${counted(queueOf(view).length, 'decision')} put off: v`, 'warning'), span('  ')]
		: [];
	if (notice) {
		return [...later, span(` ${notice.text}`, notice.tone)];
	}

	if (failure && !view.abandoned && !view.session.state().report) {
		const more = unseen.length > 1 ? ` (+${unseen.length - 1})` : '';
		return spread(
			[...later, span(` ✗ ${failure.text}`, 'bad')],
			[span(`${more}  `, 'bad'), span('!', 'accent'), span(' shows it ', 'quiet')],
			columns,
		);
	}

	const rest: Row = failure
		? [span(`✗ ${counted(unseen.length, 'failure')} not seen: `, 'bad'), span('! ', 'accent')]
		: [];
	return spread([...later, ...statusOf(view)], rest, columns);
}

function statusOf({session, abandoned}: RunView): Row {
	const {report, status} = session.state();
	if (report) {
		const tone = report.outcome === 'completed' ? 'good' : 'warning';
		const next = report.next === undefined ? '' : ` → ${report.next}`;
		return [span(` ${report.outcome}: ${sanitizeLine(`${report.reason}${next}`)}`, tone)];
	}

	if (abandoned) {
		return [span(' Its process has died: nobody works on this run. R resumes it here.', 'warning')];
	}

	switch (status) {
		case 'planning':
			return [span(' The lead makes the plan.', 'quiet')];
		case 'awaiting-approval':
			return [span(' The plan waits for your decision.', 'warning')];
		case 'paused':
			return [span(' Paused: nothing new starts. p goes on.', 'warning')];
		default:
			return [
				span(
					` Commands run UNSANDBOXED · permission: ${session.state().settings?.permission ?? ''} · ${sanitizeLine(session.state().directory)}`,
					'quiet',
				),
			];
	}
}

/** The keys that matter here; how to leave and how to learn more stay in sight at any width. */
function keysRow(view: RunView, {dialog, columns}: AppState): Row {
	if (dialog) {
		return [];
	}

	const last: Row = [
		span('q', 'accent'),
		span(' quit  ', 'quiet'),
		span('?', 'accent'),
		span(' help ', 'quiet'),
	];
	const room = columns - rowWidth(last) - 2;
	return spread([span(' '), ...fitting(hintsFor(view), room)], last, columns);
}

/** What can be done now: with a run that is over less than with one that works. */
function hintsFor(view: RunView): Row {
	const {session, focus, zoom} = view;
	const {report, delivery, status} = session.state();
	if (session.source.kind === 'replay') {
		return [...hintsOf('replay'), ...hintsOf('run', steering)];
	}

	const isLog = focus.pane === 'log' || zoom?.kind === 'log';
	const own = isLog ? hintsOf('log') : [];
	if (!report) {
		return [...own, ...hintsOf('run', ['leave'])];
	}

	const canUndo = delivery?.done === true && delivery.mode === 'apply' && !delivery.undone;
	const canResume = status === 'stopped' || status === 'failed';
	return [
		...own,
		...(canResume ? hint('R', 'resume') : []),
		...(canUndo ? hint('u', 'undo') : []),
		...hintsOf('run', steering),
		...hint('Enter', 'open'),
	];
}

const steering = ['pause', 'message', 'interrupt', 'cancel', 'retry', 'leave'];

function hint(key: string, what: string): Row {
	return [span(key, 'accent'), span(` ${what}   `, 'quiet')];
}

/** As many hints (a key and its word each) as fit whole. */
function fitting(hints: Row, width: number): Row {
	let end = 0;
	while (end < hints.length && rowWidth(hints.slice(0, end + 2)) <= width) {
		end += 2;
	}

	return hints.slice(0, end);
}
