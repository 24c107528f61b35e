import assert from 'node:assert/strict';
import test from 'node:test';
import {parse} from '../src/parse.js';

test('rows are keyed by the header', () => {
	assert.deepEqual(parse('region,amount\nNorth,120\nSouth,80\n'), [
		{region: 'North', amount: '120'},
		{region: 'South', amount: '80'},
	]);
});
