import assert from 'node:assert/strict';
import test from 'node:test';
import {report} from '../src/report.js';

test('a report has a title and a line for each region', () => {
	const text = 'region,product,amount\nNorth,apples,120\nEast,melons,310\n';
	assert.equal(report(text), 'Sales by region\n\nEast   310\nNorth  120');
});
