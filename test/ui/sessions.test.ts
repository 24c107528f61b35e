import {describe, expect, test} from 'vitest';
import {openAttemptSession, type RunKind} from '../../source/session/run-session.ts';
import {createSessions} from '../../source/ui/sessions.ts';
import {literalRun} from '../helpers/ui-run.ts';

function open(run: RunKind) {
	return openAttemptSession(run, {changed: () => undefined, readDiff: async () => ''});
}

describe('runs that are followed', () => {
	test('are ended when nobody looks at them any more, but for those of this process', () => {
		const sessions = createSessions();
		const [own, looked] = [new AbortController(), new AbortController()];
		sessions.follow({kind: 'own', run: literalRun({id: 'mine'})}, own, open);
		sessions.follow({kind: 'attached', run: literalRun({id: 'other'})}, looked, open);
		sessions.leave();
		expect(looked.signal.aborted).toBe(true);
		expect(own.signal.aborted).toBe(false);
		expect(sessions.own().map(({id}) => id)).toEqual(['mine']);
	});

	test('end when another one is looked at', () => {
		const sessions = createSessions();
		const [first, second] = [new AbortController(), new AbortController()];
		sessions.follow({kind: 'attached', run: literalRun({id: 'a'})}, first, open);
		sessions.follow({kind: 'attached', run: literalRun({id: 'b'})}, second, open);
		expect([first.signal.aborted, second.signal.aborted]).toEqual([true, false]);
	});

	test('are shown as they are where this process works on them', () => {
		const sessions = createSessions();
		const own = sessions.follow(
			{kind: 'own', run: literalRun({id: 'mine'})},
			new AbortController(),
			open,
		);
		const opened = new AbortController();
		const again = sessions.follow({kind: 'attached', run: literalRun({id: 'mine'})}, opened, open);
		expect(again).toBe(own);
		expect(opened.signal.aborted).toBe(true);
	});
});
