import {expect, test} from 'vitest';
import {createApprovals} from '../../source/engine/approvals.ts';
import type {ApprovalSubject} from '../../source/core/approval.ts';
import {createMemoryStore} from '../../source/store/memory/store.ts';
import type {Store} from '../../source/store/store.ts';
import {createEventOrder, protectionOf} from '../helpers/event-order.ts';
import {createTestRecorder} from '../helpers/fake-recorder.ts';
import {quickClock} from '../helpers/run-parts.ts';
import type {RunSettings} from '../../source/core/settings.ts';
import {patienceMs} from '../helpers/patience.ts';

const command = {
	kind: 'tool',
	agent: 'teammate-1',
	tool: 'run_command',
	summary: 'a call',
	detail: 'npm test',
	directory: '/w',
	reason: 'commands ask',
} as const;

const yes = {decision: 'approve', scope: 'once', origin: 'person'} as const;

async function setUp(settings: Partial<RunSettings> = {attended: true}, store?: Store) {
	const recorder = await createTestRecorder({attended: false, ...settings}, store);
	return {recorder, approvals: createApprovals(recorder, quickClock)};
}

test('a request waits until it is decided, and the first decision wins', async () => {
	const {recorder, approvals} = await setUp();
	const asked = approvals.ask(command, AbortSignal.timeout(patienceMs));
	expect([...recorder.state.approvals.keys()]).toEqual(['call-1']);
	expect(approvals.decide('call-1', yes)).toBeUndefined();
	expect(approvals.decide('call-1', {...yes, decision: 'reject'})).toContain(
		'already approved by you',
	);
	expect(await asked).toMatchObject(yes);
});

test('what was allowed always is not asked again, but for exactly the same command only', async () => {
	const {recorder, approvals} = await setUp();
	const asked = approvals.ask(command, AbortSignal.timeout(patienceMs));
	approvals.decide('call-1', {...yes, scope: 'always'});
	await asked;
	const again = {...command, agent: 'teammate-2'};
	expect(await approvals.ask(again, AbortSignal.timeout(patienceMs))).toMatchObject({
		decision: 'approve',
	});
	const longer = {...command, detail: 'npm test -- --watch'};
	const other = approvals.ask(longer, AbortSignal.timeout(patienceMs));
	expect(recorder.state.approvals.size).toBe(2);
	approvals.decide('call-2', yes);
	await other;
});

test.each([
	['who asks for the same again', 'once', command],
	['who asks for what was allowed always', 'always', {...command, agent: 'teammate-2'}],
] as const)(
	'that something is allowed is durable before it is told: to %s',
	async (_, scope, again) => {
		const order = createEventOrder();
		const store = order.watch(createMemoryStore({redact: text => text}));
		const {approvals} = await setUp({attended: true}, store);
		const tell = async (subject: ApprovalSubject) => {
			expect(await approvals.ask(subject, AbortSignal.timeout(patienceMs))).toMatchObject({
				decision: 'approve',
				origin: 'person',
			});
			order.note('told');
		};
		const first = tell(command);
		approvals.decide('call-1', {...yes, scope});
		await Promise.all([first, tell(again)]);
		const told = protectionOf(
			order,
			({kind}) => kind === 'effect',
			({type}) => type === 'approval-decided',
		);
		expect(told).toEqual(['durable', 'durable']);
	},
);

test('where nobody can answer it is refused at once, by nobody', async () => {
	const {approvals} = await setUp({attended: false});
	expect(await approvals.ask(command, AbortSignal.timeout(patienceMs))).toMatchObject({
		decision: 'reject',
		origin: 'nobody',
	});
});

test('when the time to decide is over it is refused by the deadline', async () => {
	const {approvals} = await setUp({attended: true, decisionTimeoutMs: 5});
	expect(await approvals.ask(command, AbortSignal.timeout(patienceMs))).toMatchObject({
		origin: 'deadline',
	});
});

test('an approval of an earlier revision of the plan cannot be decided any more', async () => {
	const {recorder, approvals} = await setUp();
	const subject = {kind: 'plan', revision: 1, hash: 'old'} as const;
	recorder.emit({type: 'approval-requested', approval: 'plan-1', subject});
	expect(approvals.decide('plan-1', yes)).toContain('earlier revision');
	expect(approvals.decide('plan-7', yes)).toContain('unknown request');
});

test('a wait ends when the run ends', async () => {
	const {approvals} = await setUp();
	const stop = new AbortController();
	const asked = approvals.ask(command, stop.signal);
	stop.abort(new Error('stopped'));
	await expect(asked).rejects.toThrow('stopped');
});
