import type {
	AgentDelta,
	OwnedRun,
	Receipt,
	Replay,
	RunCatalog,
	RunListener,
	TranscriptLine,
} from '../../source/core/run.ts';
import type {Actions, TerminalActions} from '../../source/core/actions.ts';
import type {SteeringCommand} from '../../source/core/steering-command.ts';
import {applyEvent} from '../../source/core/fold.ts';
import {planHash, type Plan} from '../../source/core/plan.ts';
import type {RunEvent, RunEventBody} from '../../source/core/run-event.ts';
import type {RunReport} from '../../source/core/run-report.ts';
import {emptyRunState} from '../../source/core/run-state.ts';
import {defaultRunSettings, type RunSettings} from '../../source/core/settings.ts';
import {placed, sampleReport} from '../core/every-event.ts';

/** A run whose state is the fold of what a test tells, and which writes down what is asked of it. */
export type LiteralRun = OwnedRun & {
	tell(...bodies: readonly RunEventBody[]): void;
	say(delta: AgentDelta): void;
	readonly sent: readonly SteeringCommand[];
	readonly stopped: readonly string[];
	/** Ends the invocation: `done` resolves. */
	end(report?: Partial<RunReport>): void;
};

export type LiteralRunOptions = {
	readonly id?: string;
	readonly past?: readonly RunEventBody[];
	readonly transcripts?: Readonly<Record<string, readonly TranscriptLine[]>>;
	readonly read?: OwnedRun['read'];
	/** What becomes of commands. */
	readonly receipt?: Receipt;
};

export function literalRun({
	id = 'r1',
	past = [],
	transcripts = {},
	read = async payload => (typeof payload === 'string' ? payload : `[${payload.blob}]`),
	receipt = {kind: 'taken'},
}: LiteralRunOptions = {}): LiteralRun {
	const state = emptyRunState();
	const events: RunEvent[] = [];
	const listeners = new Set<RunListener>();
	const watchers = new Set<(delta: AgentDelta) => void>();
	const sent: SteeringCommand[] = [];
	const stopped: string[] = [];
	const done = Promise.withResolvers<RunReport>();
	const tell = (...bodies: readonly RunEventBody[]) => {
		for (const body of bodies) {
			const event = {...placed(body, events.length + 1), run: id};
			events.push(event);
			applyEvent(state, event);
			for (const listener of listeners) {
				listener(event, state);
			}
		}
	};
	tell(...past);
	return {
		id,
		state: () => state,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		watch(listener) {
			watchers.add(listener);
			return () => watchers.delete(listener);
		},
		transcript: async agent => transcripts[agent] ?? [],
		async send(command) {
			sent.push(command);
			return receipt;
		},
		events: async (after = 0) => events.slice(after),
		read,
		done: done.promise,
		stop(outcome, reason) {
			stopped.push(`${outcome}: ${reason}`);
		},
		tell,
		say(delta) {
			for (const watcher of watchers) {
				watcher(delta);
			}
		},
		sent,
		stopped,
		end(report) {
			const whole = {...sampleReport, ...report};
			tell({type: 'run-stopped', report: whole});
			done.resolve(whole);
		},
	};
}

/** A replay that stands still at its end, and goes where a test jumps to. */
export function literalReplay(options: LiteralRunOptions = {}): Replay &
	LiteralRun & {
		/** Tells the listeners of a jump that the past is another one now. */
		reset(past: readonly RunEvent[]): void;
		readonly jumps: readonly number[];
	} {
	const run = literalRun(options);
	const listeners = new Set<(past: readonly RunEvent[]) => void>();
	const jumps: number[] = [];
	let speed = 1;
	let paused = false;
	return {
		...run,
		controls: {
			pause() {
				paused = true;
			},
			unpause() {
				paused = false;
			},
			setSpeed(to) {
				speed = to;
			},
			async jump(seq) {
				jumps.push(seq);
			},
			position: () => ({seq: run.state().seq, last: 100, speed, paused}),
		},
		onReset(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		reset(past) {
			for (const listener of listeners) {
				listener(past);
			}
		},
		jumps,
	};
}

export type Beginning = {
	readonly task?: string;
	readonly teammates?: readonly string[];
	readonly model?: string;
	readonly settings?: Partial<RunSettings>;
};

/** The first events of a run: the lead is about to plan. */
export function planning({
	task = 'add a health endpoint',
	teammates = ['alice', 'bob'],
	model = 'qwen3',
	settings = {},
}: Beginning = {}): readonly RunEventBody[] {
	const profile = {provider: 'ollama', model};
	return [
		{
			type: 'run-started',
			task,
			directory: '/home/ada/project',
			team: {
				name: 'calm',
				lead: {name: 'lead', ...profile},
				teammates: teammates.map(name => ({name, ...profile})),
			},
			settings: {...defaultRunSettings, ...settings},
			program: '0.1.0',
		},
		{type: 'planning-started', revision: 1},
	];
}

/** A plan is proposed and judged, and waits for a decision as request `p1`. */
export function proposed(plan: Plan, revision = 1): readonly RunEventBody[] {
	const hash = planHash(plan);
	return [
		{type: 'plan-proposed', revision, hash, plan: JSON.stringify(plan), origin: 'lead'},
		{
			type: 'plan-judged',
			revision,
			hash,
			verdicts: [{criterion: 'tests', result: 'warn', reasons: ['nothing is checked']}],
		},
		{
			type: 'approval-requested',
			approval: `p${revision}`,
			subject: {kind: 'plan', revision, hash},
		},
	];
}

export function decided(
	approval: string,
	decision: 'approve' | 'reject' = 'approve',
): RunEventBody {
	return {type: 'approval-decided', approval, decision, scope: 'once', origin: 'person'};
}

/** An agent begins its first attempt at a subtask. */
export function begun(subtask: string, agent: string): readonly RunEventBody[] {
	const scope = {agent, subtask, attempt: 1};
	return [
		{type: 'subtask-started', ...scope, base: 'b0'},
		{type: 'agent-started', ...scope, provider: 'ollama', model: 'qwen3'},
	];
}

/** An agent asks to use a tool. */
export function asked(
	approval: string,
	{
		agent = 'alice',
		subtask = 'api',
		tool = 'run_command',
		detail = 'npm install left-pad',
		reason = 'commands ask',
		directory = '/w/api',
	} = {},
): RunEventBody {
	return {
		type: 'approval-requested',
		approval,
		subject: {
			kind: 'tool',
			agent,
			subtask,
			attempt: 1,
			tool,
			summary: `${tool} …`,
			detail,
			directory,
			reason,
		},
	};
}

/** Actions that a test does not expect; what it does expect it gives. */
export function actionsOf(given: Partial<Actions> = {}): Actions {
	return {
		listTeams: async () => [],
		createTeam: not('createTeam'),
		deleteTeam: not('deleteTeam'),
		findProviders: async () => [],
		testTeam: not('testTeam'),
		findDirectory: not('findDirectory'),
		startRun: not('startRun'),
		startDemo: not('startDemo'),
		resumeRun: not('resumeRun'),
		replayRun: not('replayRun'),
		undoRun: not('undoRun'),
		readDiff: async () => '',
		...given,
	};
}

/** The same for what only a terminal can do. */
export function terminalActionsOf(given: Partial<TerminalActions> = {}): TerminalActions {
	return {
		togglePanes: not('togglePanes'),
		editText: not('editText'),
		pageText: not('pageText'),
		...given,
	};
}

function not(what: string) {
	return async (): Promise<never> => {
		throw new Error(`nobody expected ${what}`);
	};
}

export function catalogOf(given: Partial<RunCatalog> = {}): RunCatalog {
	return {
		list: async () => [],
		async resolve() {
			throw new Error('nobody expected resolve');
		},
		async open() {
			throw new Error('nobody expected open');
		},
		isLive: async () => true,
		...given,
	};
}
