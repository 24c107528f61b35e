import type {Json} from '../core/json.ts';

/** One answer of the scripted model: a sentence, then tool calls. */
export type Scene = {
	readonly text: string;
	readonly calls: readonly {
		readonly tool: string;
		readonly input: Readonly<Record<string, Json>>;
	}[];
	/** The first request for this answer fails as if the server were overloaded. */
	readonly overloadedOnce?: true;
};

const notWritten = "\tthrow new Error('not written yet');";

function read(says: string, ...paths: readonly string[]): Scene {
	return {text: says, calls: paths.map(path => ({tool: 'read_file', input: {path}}))};
}

function edit(says: string, path: string, before: string, after: string): Scene {
	return {
		text: says,
		calls: [{tool: 'edit_file', input: {path, old_text: before, new_text: after}}],
	};
}

function finish(says: string, summary: string): Scene {
	return {text: says, calls: [{tool: 'finish', input: {summary}}]};
}

const simpleParse = `	const [header, ...lines] = text.split('\\n').filter(line => line !== '');
	const names = header.split(',');
	return lines.map(line =>
		Object.fromEntries(line.split(',').map((field, index) => [names[index], field])),
	);`;

const halfParse = `	const fields = line => line.match(/"[^"]*"|[^,]+/g).map(field => field.replaceAll('"', ''));
	const [header, ...lines] = text.split('\\n').filter(line => line !== '');
	const names = fields(header);
	return lines.map(line =>
		Object.fromEntries(fields(line).map((field, index) => [names[index], field])),
	);`;

const wholeParse = `	const fields = line =>
		[...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) =>
			quoted === undefined ? plain : quoted.replaceAll('""', '"'),
		);
	const [header, ...lines] = text.split(/\\r?\\n/).filter(line => line !== '');
	const names = fields(header);
	return lines.map(line =>
		Object.fromEntries(fields(line).map((field, index) => [names[index], field])),
	);`;

const writeTotals = `	const sums = new Map();
	for (const {region, amount} of rows) {
		sums.set(region, (sums.get(region) ?? 0) + Number(amount));
	}

	return [...sums]
		.map(([region, total]) => ({region, total}))
		.sort((a, b) => b.total - a.total);`;

const leftFormat = `	const width = Math.max(...totals.map(({region}) => region.length));
	return totals.map(({region, total}) => \`\${region.padEnd(width)}  \${total}\`).join('\\n');`;

const rightFormat = `	const width = Math.max(...totals.map(({region}) => region.length));
	const digits = Math.max(...totals.map(({total}) => String(total).length));
	return totals
		.map(({region, total}) => \`\${region.padEnd(width)}  \${String(total).padStart(digits)}\`)
		.join('\\n');`;

/** The teammates' answers by subtask id, in order. */
export const scenes: Readonly<Record<string, readonly Scene[]>> = {
	parse: [
		read('I read the function and its test first.', 'src/parse.js', 'test/parse.test.js'),
		edit(
			'The first line names the fields; every other line is a row.',
			'src/parse.js',
			notWritten,
			simpleParse,
		),
		finish(
			'That is all the test asks for.',
			'parse() turns CSV lines into objects keyed by the header.',
		),
	],
	totals: [
		{
			...read('Let me look at the rows.', 'src/totals.js', 'test/totals.test.js'),
			overloadedOnce: true,
		},
		edit('A map of sums, largest first.', 'src/totals.js', notWritten, writeTotals),
		finish('Sums are in place.', 'totals() sums the amounts by region, the largest first.'),
	],
	format: [
		read('I read what a line should look like.', 'src/format.js', 'test/format.test.js'),
		edit('Names are padded to the longest one.', 'src/format.js', notWritten, leftFormat),
		finish('The lines are aligned.', 'format() writes one aligned line per region.'),
		edit(
			'The check is right: the numbers must be right-aligned.',
			'src/format.js',
			leftFormat,
			rightFormat,
		),
		finish(
			'Now both columns are aligned.',
			'format() aligns names to the left and totals to the right.',
		),
	],
	report: [
		read('I see how the parts fit together.', 'src/report.js', 'src/totals.js', 'src/format.js'),
		edit(
			'Parse, sum, format, with a title.',
			'src/report.js',
			"import {readFileSync} from 'node:fs';\n",
			"import {readFileSync} from 'node:fs';\nimport {format} from './format.js';\nimport {parse} from './parse.js';\nimport {totals} from './totals.js';\n",
		),
		edit(
			'And the function itself.',
			'src/report.js',
			notWritten,
			'\treturn `Sales by region\\n\\n${format(totals(parse(text)))}`;',
		),
		finish('The report is complete.', 'report() puts parse, totals and format together.'),
	],
	'odd-lines': [
		read('Let me look at the odd lines and the parser.', 'sales.csv', 'src/parse.js'),
		edit(
			'Fields may be quoted, so a comma inside quotes is not a separator.',
			'src/parse.js',
			simpleParse,
			halfParse,
		),
		finish('That should do.', 'Quoted fields may hold commas.'),
		finish('The check still fails, but I see nothing wrong.', 'Quoted fields may hold commas.'),
		finish('I am stuck on this.', 'Quoted fields may hold commas.'),
	],
	repair: [
		read(
			'The previous attempt missed doubled quotes. I will start from the current parser.',
			'src/parse.js',
		),
		edit(
			'A field is quoted or plain; doubled quotes inside stand for one.',
			'src/parse.js',
			simpleParse,
			wholeParse,
		),
		finish(
			'The odd lines parse now.',
			'parse() understands quoted fields, doubled quotes and empty lines.',
		),
	],
	describe: [
		read('I read the README.', 'README.md'),
		edit(
			'I will add an example of the output.',
			'README.md',
			'    node src/report.js sales.csv\n',
			'    node src/report.js sales.csv\n\nThe largest region comes first:\n\n    Sales by region\n\n    East   310\n    North  160\n    South   80\n',
		),
		finish('The README shows the output.', 'The README shows what the report looks like.'),
	],
};

/** The demo plan: a diamond (parse, totals and format, report) with a repair on failure. */
export const demoPlan = {
	summary: 'Write the four functions, harden the parser against odd lines, describe the output.',
	subtasks: [
		subtask(
			'parse',
			'Parse CSV',
			'Write parse() in src/parse.js so that test/parse.test.js passes.',
			[],
			['src/parse.js'],
			'parse',
		),
		subtask(
			'totals',
			'Sum by region',
			'Write totals() in src/totals.js so that test/totals.test.js passes.',
			['parse'],
			['src/totals.js'],
			'totals',
		),
		subtask(
			'format',
			'Format the lines',
			'Write format() in src/format.js so that test/format.test.js passes.',
			['parse'],
			['src/format.js'],
			'format',
		),
		subtask(
			'report',
			'Put the report together',
			'Write report() in src/report.js from parse, totals and format.',
			['totals', 'format'],
			['src/report.js'],
			'report',
		),
		{
			...subtask(
				'odd-lines',
				'Handle odd lines',
				'Make the report correct for the quoted fields and empty lines of sales.csv.',
				['report'],
				['src/parse.js'],
				'edge-cases',
			),
			maxAttempts: 1,
		},
		{
			...subtask(
				'repair',
				'Repair the parser',
				'The attempt to handle odd lines failed. Find out why and repair src/parse.js.',
				[],
				['src/parse.js'],
				'edge-cases',
			),
			dependsOn: [{subtask: 'odd-lines', when: 'failure'}],
		},
		{
			id: 'describe',
			title: 'Describe the output',
			instructions: 'Show in README.md what the report looks like.',
			dependsOn: [
				{subtask: 'odd-lines', when: 'success'},
				{subtask: 'repair', when: 'success'},
			],
			join: 'any',
			writes: ['README.md'],
			checks: ['grep -q "Sales by region" README.md'],
			outputs: [],
			estimate: 1,
		},
	],
	checks: ['npm test'],
} satisfies Record<string, Json>;

function subtask(
	id: string,
	title: string,
	instructions: string,
	after: readonly string[],
	writes: readonly string[],
	test: string,
) {
	return {
		id,
		title,
		instructions,
		dependsOn: after.map(before => ({subtask: before, when: 'success'})),
		join: 'all',
		writes,
		checks: [`node --test test/${test}.test.js`],
		outputs: [],
		estimate: 2,
	};
}
