import assert from 'node:assert/strict';
import test from 'node:test';
import {totals} from '../src/totals.js';

test('amounts are summed by region, the largest first', () => {
	const rows = [
		{region: 'South', amount: '80'},
		{region: 'North', amount: '120'},
		{region: 'South', amount: '60'},
	];
	assert.deepEqual(totals(rows), [
		{region: 'South', total: 140},
		{region: 'North', total: 120},
	]);
});
