import {expect, test} from 'vitest';
import {createBreaker} from '../../../source/engine/model/circuit-breaker.ts';

function setUp() {
	let now = 0;
	const breaker = createBreaker(() => now);
	const fail = (times: number) => {
		for (let n = 0; n < times; n++) {
			breaker.begin().failed();
		}
	};
	return {
		breaker,
		fail,
		pass(ms: number) {
			now += ms;
		},
	};
}

test('a model that fails now and then is asked at once', () => {
	const {breaker, fail} = setUp();
	fail(4);
	breaker.begin().succeeded();
	fail(4);
	expect(breaker.waitMs()).toBe(0);
});

test('after five failures in a row it is left alone; then one call tries it for all', () => {
	const {breaker, fail, pass} = setUp();
	fail(5);
	expect(breaker.waitMs()).toBe(10_000);
	pass(10_000);
	expect(breaker.waitMs()).toBe(0);
	const trial = breaker.begin();
	expect(breaker.waitMs()).toBeUndefined();
	trial.succeeded();
	expect(breaker.waitMs()).toBe(0);
	fail(4);
	expect(breaker.waitMs()).toBe(0);
});

test('a try that fails doubles the rest, up to two minutes', () => {
	const {breaker, fail, pass} = setUp();
	fail(5);
	const rests = [];
	for (let n = 0; n < 6; n++) {
		pass(breaker.waitMs() ?? 0);
		fail(1);
		rests.push(breaker.waitMs());
	}

	expect(rests).toEqual([20_000, 40_000, 80_000, 120_000, 120_000, 120_000]);
});

test('a try that came to nothing leaves the next one to somebody else', () => {
	const {breaker, fail, pass} = setUp();
	fail(5);
	pass(10_000);
	breaker.begin().abandoned();
	expect(breaker.waitMs()).toBe(0);
});

test('a call from before, which ends meanwhile, is not the trial', () => {
	const {breaker, fail, pass} = setUp();
	const old = breaker.begin();
	fail(5);
	pass(10_000);
	const trial = breaker.begin();
	old.abandoned();
	expect(breaker.waitMs()).toBeUndefined();
	old.failed();
	expect(breaker.waitMs()).toBeUndefined();
	trial.failed();
	expect(breaker.waitMs()).toBe(20_000);
});
