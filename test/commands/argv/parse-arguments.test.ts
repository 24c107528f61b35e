import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Command} from '../../../source/commands/argv/command.ts';
import {
	choiceFlag,
	countFlag,
	durationFlag,
	flagName,
	listFlag,
	textFlag,
} from '../../../source/commands/argv/flags.ts';
import {parseArguments} from '../../../source/commands/argv/parse-arguments.ts';
import {commandNames, loadCommand} from '../../../source/commands/main.ts';

const command: Command = {
	name: 'sail',
	flags: {
		check: {type: 'string', isMultiple: true},
		dir: {type: 'string', shortFlag: 'd'},
		maxParallel: {type: 'string'},
		json: {type: 'boolean'},
		yes: {type: 'boolean', shortFlag: 'y'},
	},
	words: {min: 1, max: 2},
	run: async () => 0,
};

const parse = (...args: readonly string[]) => parseArguments(args, command);

describe('a command line', () => {
	test.each<readonly [readonly string[], object]>([
		[['a', 'b'], {words: ['a', 'b'], flags: {}}],
		[['--json', 'a', '-y'], {words: ['a'], flags: {json: true, yes: true}}],
		[['a', '-d', 'x'], {words: ['a'], flags: {dir: 'x'}}],
		[['a', '-dx'], {words: ['a'], flags: {dir: 'x'}}],
		[['a', '-yd', 'x'], {words: ['a'], flags: {yes: true, dir: 'x'}}],
		[['a', '--dir=x=y'], {words: ['a'], flags: {dir: 'x=y'}}],
		[['a', '--max-parallel', '3'], {words: ['a'], flags: {maxParallel: '3'}}],
		[['a', '--max-parallel', '-1'], {words: ['a'], flags: {maxParallel: '-1'}}],
		[['a', '--check', 'x', '--check', 'y'], {words: ['a'], flags: {check: ['x', 'y']}}],
		[['a', '--check=-x'], {words: ['a'], flags: {check: ['-x']}}],
		[['a', '--check="my tool" "b"'], {words: ['a'], flags: {check: ['"my tool" "b"']}}],
		[['a', '--check', '"my tool" "b"'], {words: ['a'], flags: {check: ['"my tool" "b"']}}],
		[['a', '--json=false'], {words: ['a'], flags: {json: false}}],
		[['a', '-'], {words: ['a', '-'], flags: {}}],
		[['a', ''], {words: ['a', ''], flags: {}}],
		[['--', '--json', '-x'], {words: ['--json', '-x'], flags: {}}],
		[['a', '-d', '-'], {words: ['a'], flags: {dir: '-'}}],
	])('%j', (args, expected) => {
		expect(parse(...args)).toEqual(expected);
	});

	test.each<readonly [readonly string[], string]>([
		[['a', '--jsn'], 'sail has no option --jsn; did you mean "--json"?'],
		[['a', '--nothing-like-it'], 'sail has no option --nothing-like-it'],
		[['a', '-x'], 'sail has no option -x'],
		[['a', '-yx'], 'sail has no option -x'],
		[['a', '-y-'], '-y takes no value; got "-"'],
		[['a', '-ytrue'], 'sail has no option -t'],
		[['a', '-1'], 'sail has no option -1'],
		[['a', '--no-json'], 'sail has no option --no-json'],
		[
			['a', '--maxParallel', '3'],
			'sail has no option --maxParallel; did you mean "--max-parallel"?',
		],
		[['a', '--dir.x', '3'], 'sail has no option --dir.x'],
		[['a', '--=x'], 'sail has no option --'],
		[['a', '--__proto__', 'x'], 'sail has no option --__proto__'],
		[['a', '--dir'], '--dir needs a value'],
		[['a', '--dir='], '--dir needs a value'],
		[['a', '--dir', ' '], '--dir needs a value'],
		[['a', '--check', '--json'], '--check needs a value'],
		[['a', '-d'], '-d needs a value'],
		[['a', '-d', 'x', '--dir', 'y'], '--dir was given twice'],
		[['a', '-d', '--'], '-d needs a value'],
		[['a', '--check'], '--check needs a value'],
		[['a', '--check', 'x', '--check'], '--check needs a value'],
		[['a', '--json=3'], '--json takes no value; got "3"'],
		[['a', '--json='], '--json takes no value; got ""'],
		[[], 'sail needs an argument'],
		[['a', 'b', 'c'], 'sail: unexpected argument "c"'],
	])('%j is refused', (args, message) => {
		expect(() => parse(...args)).toThrow(message);
	});
});

/** No word of a process contains NUL. */
const anyText = fc
	.oneof(
		fc.string({unit: 'binary'}),
		fc.constantFrom(
			'"a b" c"',
			"'a'",
			'""',
			'"',
			'=',
			'=x',
			'-',
			'--',
			'-x',
			'--json',
			'--no-json',
		),
		fc.constantFrom('1e3', '0x10', '-1', 'true', 'false', 'NaN', 'null', 'a.b', '\\n', 'a\nb'),
	)
	.map(text => text.replaceAll('\0', ''));

describe.each(commandNames)('whatever is given to %s', name => {
	test('arrives as it is', async () => {
		const sample = (await loadCommand(name)) ?? command;
		const names = Object.keys(sample.flags);
		const given = fc.record({
			words: fc.array(anyText, {minLength: sample.words.min, maxLength: sample.words.max}),
			flags:
				names.length === 0
					? fc.constant([])
					: fc.array(
							fc.record({
								name: fc.constantFrom(...names),
								value: anyText.filter(text => text.trim() !== ''),
								on: fc.constantFrom('', '=true', '=false'),
								form: fc.nat(2),
							}),
						),
		});
		fc.assert(
			fc.property(given, ({words, flags}) => {
				const args: string[] = [];
				const expected: Record<string, unknown> = {};
				for (const {name, value, on, form} of flags) {
					const {type, isMultiple, shortFlag} = sample.flags[name] ?? {type: 'boolean'};
					const known = expected[name];
					if (type === 'boolean') {
						args.push(`${flagName(name)}${on}`);
						expected[name] = on !== '=false';
					} else if (known === undefined || isMultiple) {
						args.push(...spell(name, shortFlag, value, form));
						expected[name] = isMultiple ? [known ?? [], value].flat() : value;
					}
				}

				const [front, behind] = words.some(word => word.startsWith('-') && word !== '-')
					? [[], ['--', ...words]]
					: [words, []];
				expect(parseArguments([...front, ...args, ...behind], sample)).toEqual({
					words,
					flags: expected,
				});
			}),
		);
	});
});

function spell(
	name: string,
	shortFlag: string | undefined,
	value: string,
	form: number,
): readonly string[] {
	if (form === 0 || /^-\D/.test(value)) {
		return [`${flagName(name)}=${value}`];
	}

	return form === 1 || shortFlag === undefined
		? [flagName(name), value]
		: [`-${shortFlag}${value}`];
}

describe('values of flags', () => {
	test.each([
		['500ms', 500],
		['90s', 90_000],
		['1.5m', 90_000],
		['2h', 7_200_000],
	])('%s is a duration of %i ms', (value, ms) => {
		expect(durationFlag({timeout: value}, 'timeout')).toBe(ms);
	});

	test.each(['10', '0s', '0.1ms', '1y', '1d', 's', '-1s', '1 s', '1e9h', '99999999999999h'])(
		'%s is no duration',
		value => {
			expect(() => durationFlag({timeout: value}, 'timeout')).toThrow(
				`--timeout must be a duration like 90s, 10m or 2h; got "${value}"`,
			);
		},
	);

	test.each(['0', '-1', '1.5', 'abc', 'Infinity', 'NaN', '1e99', '0x'])('%s is no count', value => {
		expect(() => countFlag({maxTurns: value}, 'maxTurns')).toThrow(
			'--max-turns must be a whole number of at least 1',
		);
	});

	test('a count may have an upper end', () => {
		expect(countFlag({n: '16'}, 'n', 16)).toBe(16);
		expect(() => countFlag({n: '17'}, 'n', 16)).toThrow('from 1 to 16');
	});

	test('a choice is one of some words, and a list may be empty', () => {
		expect(choiceFlag({approve: 'ask'}, 'approve', ['ask', 'all'])).toBe('ask');
		expect(() => choiceFlag({approve: 'no'}, 'approve', ['ask', 'all'])).toThrow(
			'ask, all; got "no"',
		);
		expect(listFlag({}, 'check')).toEqual([]);
		expect(textFlag({}, 'dir')).toBeUndefined();
		expect(flagName('maxParallel')).toBe('--max-parallel');
	});
});
