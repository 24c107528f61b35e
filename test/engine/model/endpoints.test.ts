import {expect, test} from 'vitest';
import type {Failure} from '../../../source/core/failure.ts';
import {
	createEndpoints,
	type CallWait,
	type CallPermit,
	type CallRoute,
} from '../../../source/engine/model/endpoints.ts';
import {createFakeClock} from '../../helpers/fake-clock.ts';

const place: CallRoute = {
	endpoint: 'http://host',
	model: 'm',
	parallelCalls: null,
	provider: 'openai',
};
const limited: Failure = {kind: 'rate-limit', message: 'slow down', retryAfterMs: 7_000};
const broken: Failure = {kind: 'transient', message: 'no'};

function setUp() {
	const clock = createFakeClock();
	const endpoints = createEndpoints(clock);
	const {signal} = new AbortController();
	const enter = (where: Partial<CallRoute> = {}) => {
		const holds: CallWait[] = [];
		const call: {pass: CallPermit | undefined; holds: CallWait[]; done: Promise<CallPermit>} = {
			pass: undefined,
			holds,
			done: endpoints.enter({...place, ...where}, hold => holds.push(hold), signal),
		};
		void call.done.then(pass => {
			call.pass = pass;
		});
		return call;
	};

	return {clock, endpoints, enter};
}

test('a pause that one call was asked for holds all calls to that endpoint, and no others', async () => {
	const {clock, enter} = setUp();
	const first = await enter().done;
	first.failed(limited);
	const same = enter();
	const other = enter({endpoint: 'http://other'});
	await clock.advance(6_999);
	expect(other.pass).toBeDefined();
	expect(same.pass).toBeUndefined();
	expect(same.holds).toEqual([
		{reason: 'rate-limit', detail: 'openai asked to slow down', ms: 7_000},
	]);
	await clock.advance(1);
	expect(same.pass).toBeDefined();
});

test('a refusal halves the calls at once, and calls that go well bring them back one by one', async () => {
	const {clock, enter} = setUp();
	const calls = await Promise.all(Array.from({length: 8}, async () => enter().done));
	for (const call of calls.slice(0, 4)) {
		// Those under way were sent before anybody knew: together they count as one refusal.
		call.failed({...limited, retryAfterMs: 0});
	}

	const more = [enter(), enter()];
	await clock.advance(0);
	expect(more.map(({pass}) => pass)).toEqual([undefined, undefined]);
	expect(more[0]?.holds).toEqual([
		{reason: 'slot', detail: 'openai asked to slow down: 4 at once for now'},
	]);
	calls[4]?.succeeded();
	await clock.advance(0);
	expect(more[0]?.pass).toBeDefined();
	expect(more[1]?.pass).toBeUndefined();
	for (const call of calls.slice(5)) {
		call.succeeded();
	}

	await clock.advance(0);
	const five = Array.from({length: 5}, () => enter());
	await clock.advance(0);
	// Four good calls made it five at once: two are inside already.
	expect(five.filter(({pass}) => pass).length).toBe(3);
});

test('a model that fails again and again rests; one call then tries it, and the others wait for that', async () => {
	const {clock, enter} = setUp();
	for (let n = 0; n < 5; n++) {
		(await enter().done).failed(broken);
	}

	const [first, second, other] = [enter(), enter(), enter({model: 'other'})];
	await clock.advance(9_999);
	expect(other?.pass).toBeDefined();
	expect(first?.holds).toEqual([{reason: 'retry', detail: 'm failed repeatedly', ms: 10_000}]);
	await clock.advance(1);
	expect(first?.pass).toBeDefined();
	expect(second?.pass).toBeUndefined();
	expect(second?.holds.at(-1)).toEqual({
		reason: 'retry',
		detail: 'another call is testing whether m works again',
	});
	first?.pass?.succeeded();
	await clock.advance(0);
	expect(second?.pass).toBeDefined();
});

test('who gives up while it waits leaves its place to others', async () => {
	const {clock, endpoints, enter} = setUp();
	(await enter({parallelCalls: 1}).done).failed(limited);
	const stop = new AbortController();
	const waiting = endpoints.enter(place, () => undefined, stop.signal);
	waiting.catch(() => undefined);
	await clock.advance(0);
	stop.abort(new Error('given up'));
	await expect(waiting).rejects.toThrow('given up');
	const next = enter();
	await clock.advance(7_000);
	expect(next.pass).toBeDefined();
});

test('an endpoint is asked again twenty times; retries come back with its calls and with time', async () => {
	const {clock, endpoints, enter} = setUp();
	let allowed = 0;
	while (endpoints.mayRetry(place)) {
		allowed += 1;
	}

	expect(allowed).toBe(20);
	for (let n = 0; n < 10; n++) {
		(await enter().done).succeeded();
	}

	expect(endpoints.mayRetry(place)).toBe(true);
	expect(endpoints.mayRetry(place)).toBe(false);
	expect(endpoints.mayRetry({...place, endpoint: 'http://other'})).toBe(true);
	await clock.advance(4_999);
	expect(endpoints.mayRetry(place)).toBe(false);
	await clock.advance(5_001);
	expect(endpoints.mayRetry(place)).toBe(true);
	expect(endpoints.mayRetry(place)).toBe(true);
	expect(endpoints.mayRetry(place)).toBe(false);
});

test('whoever waits for a model to be well again keeps no place from others', async () => {
	const {clock, enter} = setUp();
	const one = {parallelCalls: 1};
	for (let n = 0; n < 5; n++) {
		(await enter(one).done).failed(broken);
	}

	const [resting, other] = [enter(one), enter({...one, model: 'other'})];
	await clock.advance(0);
	expect(resting.pass).toBeUndefined();
	expect(other.pass).toBeDefined();
});

test('after a trial that told nothing the next one is again one call alone', async () => {
	const {clock, enter} = setUp();
	for (let n = 0; n < 5; n++) {
		(await enter().done).failed(broken);
	}

	await clock.advance(10_000);
	const trial = await enter().done;
	const waiting = Array.from({length: 5}, () => enter());
	await clock.advance(0);
	trial.abandon();
	await clock.advance(0);
	expect(waiting.filter(({pass}) => pass).length).toBe(1);
	expect(waiting.every(({holds}) => holds.length === 1)).toBe(true);
});

test('nobody waits longer than it has patience for, also not from within the queue', async () => {
	const {clock, endpoints, enter} = setUp();
	const one = {...place, parallelCalls: 1};
	const first = await enter({parallelCalls: 1}).done;
	const {signal} = new AbortController();
	const waiting = endpoints.enter(one, () => undefined, signal, 30_000);
	waiting.catch(() => undefined);
	await clock.advance(0);
	first.failed({...limited, retryAfterMs: 600_000});
	await expect(waiting).rejects.toMatchObject({
		kind: 'rate-limit',
		message: 'openai accepts no calls for 600 s.',
	});
	await expect(endpoints.enter(one, () => undefined, signal, 599_000)).rejects.toThrow();
});
