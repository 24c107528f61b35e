import assert from 'node:assert/strict';
import test from 'node:test';
import {format} from '../src/format.js';

test('numbers are aligned to the right', () => {
	const lines = format([
		{region: 'South', total: 1140},
		{region: 'North', total: 20},
	]);
	assert.equal(lines, 'South  1140\nNorth    20');
});
