import type {RunSummary} from '../../../source/core/run-summary.ts';
import type {Actions, TerminalActions} from '../../../source/core/actions.ts';
import type {HomeView, TeamTest} from '../../../source/ui/home/home-view.ts';
import {literalReplay, literalRun, planning} from '../../helpers/ui-run.ts';
import {openTestApp, type TestAppOptions} from '../open-test-app.ts';

/** The team that the home screen lists first, and the only one when it is looked for. */
export const team = {name: 'calm', provider: 'ollama', model: 'qwen3', teammates: 3, createdAt: 0};

/** The run that the home screen lists first, and the only one when it is looked for. */
export const run: RunSummary = {
	run: 'r1',
	team: 'calm',
	task: 'add a health endpoint',
	directory: '/p',
	status: 'stopped',
	live: false,
	startedAt: '2026-11-22T10:00:00.000Z',
	changedAt: '2026-11-22T10:20:00.000Z',
	completed: 7,
	subtasks: 8,
	tokens: 1_000,
	undone: false,
	unverified: false,
	outcome: 'limit-reached',
	exitCode: 5,
	endedAt: '2026-11-22T10:20:00.000Z',
	cost: {usd: 0, unpricedCalls: 0},
	approvals: [],
};

/** The result of a test, as the home screen keeps it. */
export function testOf(fields: Partial<TeamTest> = {}): TeamTest {
	return {team: 'calm', lines: [], running: false, top: undefined, stop() {}, ...fields};
}

/** A server that a team can be made with. */
export const provider = {
	type: 'ollama',
	usable: true,
	detail: 'answers at localhost',
	models: ['qwen3:8b', 'gemma3'],
} as const;

/** A server that is not there. */
export const missing = {
	type: 'lmstudio',
	usable: false,
	detail:
		'nobody listens at http://127.0.0.1:1234, where LM Studio would be → run: lms server start',
	models: [],
} as const;

/** Two teams and two runs, no providers. */
export const full: Partial<HomeView> = {
	teams: [team, {...team, name: 'other'}],
	runs: [run, {...run, run: 'r2'}],
	providers: [],
};

/** A home screen, and what was done from it: `calls` are the actions with their first argument. */
export function open(
	home: Partial<HomeView> = full,
	given: Partial<Actions & TerminalActions> = {},
	options: TestAppOptions = {},
) {
	const calls: unknown[][] = [];
	const started = async (...call: unknown[]) => {
		calls.push(call);
		return literalRun({past: planning()});
	};
	const test = openTestApp({
		...options,
		home,
		actions: {
			listTeams: async () => [team],
			startRun: async order => started('start', order),
			startDemo: async () => started('demo'),
			resumeRun: async id => started('resume', id),
			async replayRun(id) {
				calls.push(['replay', id]);
				return literalReplay({past: planning()});
			},
			async undoRun(id) {
				calls.push(['undo', id]);
				return 'took it back';
			},
			async deleteTeam(name) {
				calls.push(['delete', name]);
			},
			...given,
		},
		catalog: {
			list: async () => [run],
			async open(id) {
				calls.push(['open', id]);
				return literalRun({past: planning()});
			},
		},
	});
	return {...test, calls, shownRun: () => test.app.store.getState().run?.session.source.kind};
}
