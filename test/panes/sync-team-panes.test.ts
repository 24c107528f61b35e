import {describe, expect, test} from 'vitest';
import {applyEvent} from '../../source/core/fold.ts';
import type {RunEventBody} from '../../source/core/run-event.ts';
import type {Run, RunListener} from '../../source/core/run.ts';
import {emptyRunState} from '../../source/core/run-state.ts';
import {syncTeamPanes} from '../../source/panes/sync-team-panes.ts';
import {everyEvent, placed} from '../core/every-event.ts';
import {patience} from '../helpers/patience.ts';

describe('a team with panes', () => {
	test('gets a pane for each teammate when it begins to work, and none for others', async () => {
		const {run, happen} = createRun();
		happen(start('parse', 'teammate-2'));
		const told: string[] = [];
		const stop = syncTeamPanes(run, panesThat(told), agent => agent);
		happen(start('format', 'teammate-1'), start('report', 'teammate-2'));
		expect(told).toEqual(['show teammate-2', 'show teammate-1']);
		stop();
	});

	test('has titles that follow what the agents do, until that is stopped', async () => {
		const {run, happen} = createRun();
		const told: string[] = [];
		const stop = syncTeamPanes(
			run,
			panesThat(told),
			(agent, {agents}) => `${agent} ${agents.get(agent)?.activity ?? ''}`,
		);
		happen(start('parse', 'teammate-1'));
		await expect.poll(() => told, patience).toContain('teammate-1 thinking');
		happen({type: 'agent-finished', agent: 'teammate-1', reason: 'finished', turns: 1});
		await expect.poll(() => told, patience).toContain('teammate-1 idle');
		stop();
		happen(start('format', 'teammate-2'));
		expect(told).not.toContain('show teammate-2');
	});

	test('goes on when no pane can be opened', async () => {
		const {run, happen} = createRun();
		const shown: string[] = [];
		const stop = syncTeamPanes(
			run,
			{
				async show(agent) {
					shown.push(agent);
					throw new Error('no server running');
				},
				async setTitle() {
					throw new Error('no server running');
				},
			},
			agent => agent,
		);
		happen(start('parse', 'teammate-1'), start('format', 'teammate-2'));
		await expect.poll(() => shown, patience).toEqual(['teammate-1', 'teammate-2']);
		stop();
	});
});

function start(subtask: string, agent: string): RunEventBody {
	return {
		type: 'agent-started',
		agent,
		subtask,
		attempt: 1,
		provider: 'demo',
		model: 'scripted',
	};
}

function panesThat(told: string[]) {
	return {
		async show(agent: string) {
			told.push(`show ${agent}`);
		},
		async setTitle(_: string, title: string) {
			told.push(title);
		},
	};
}

/** A run in which the test lets things happen. */
function createRun() {
	const state = emptyRunState();
	const listeners = new Set<RunListener>();
	const happen = (...bodies: readonly RunEventBody[]) => {
		for (const body of bodies) {
			const event = placed(body, state.seq + 1);
			applyEvent(state, event);
			for (const listener of listeners) {
				listener(event, state);
			}
		}
	};
	for (const event of everyEvent) {
		if (event.type === 'run-started') {
			const [profile] = event.team.teammates;
			const teammates = ['teammate-1', 'teammate-2'].flatMap(name =>
				profile ? [{...profile, name}] : [],
			);
			happen({...event, team: {...event.team, teammates}});
		}
	}

	const run: Pick<Run, 'state' | 'subscribe'> = {
		state: () => state,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
	return {run, happen};
}
