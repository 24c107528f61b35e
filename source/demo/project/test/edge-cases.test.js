import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {report} from '../src/report.js';

test('quoted fields may hold commas and quotes, empty lines are left out', () => {
	const sales = new URL('../sales.csv', import.meta.url);
	assert.equal(
		report(readFileSync(sales, 'utf8')),
		'Sales by region\n\nEast   310\nNorth  160\nSouth   80',
	);
});
