import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {createDrawThrottle} from '../../source/ui/draw-throttle.ts';

beforeEach(() => {
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']});
});

afterEach(() => {
	vi.useRealTimers();
});

function pulseOf(pauseMs = 80) {
	const drawn: number[] = [];
	const pulse = createDrawThrottle(() => {
		drawn.push(performance.now());
	}, pauseMs);
	return {pulse, drawn};
}

test('draws once, however often it is wanted', () => {
	const {pulse, drawn} = pulseOf();
	vi.advanceTimersByTime(1_000);
	for (let index = 0; index < 100; index++) {
		pulse.request();
	}

	vi.advanceTimersByTime(1_000);
	expect(drawn).toHaveLength(1);
});

test('draws soon after a pause, and never twice within one', () => {
	const {pulse, drawn} = pulseOf();
	vi.advanceTimersByTime(1_000);
	pulse.request();
	vi.advanceTimersByTime(0);
	expect(drawn).toHaveLength(1);
	for (let ms = 0; ms < 800; ms++) {
		pulse.request();
		vi.advanceTimersByTime(1);
	}

	expect(drawn.length).toBeGreaterThanOrEqual(10);
	const pauses = drawn.slice(1).map((time, index) => time - (drawn[index] ?? 0));
	expect(Math.min(...pauses)).toBeGreaterThanOrEqual(80);
});

test('draws what is wanted while it draws', () => {
	let left = 3;
	const pulse = createDrawThrottle(() => {
		left -= 1;
		if (left > 0) {
			pulse.request();
		}
	}, 80);
	pulse.request();
	vi.advanceTimersByTime(1_000);
	expect(left).toBe(0);
});

test('draws nothing once it was stopped, and leaves no timer', () => {
	const {pulse, drawn} = pulseOf();
	pulse.request();
	pulse.stop();
	pulse.request();
	vi.advanceTimersByTime(1_000);
	expect(drawn).toEqual([]);
	expect(vi.getTimerCount()).toBe(0);
});
