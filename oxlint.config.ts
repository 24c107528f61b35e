import {readdirSync} from 'node:fs';
import {defineConfig} from 'oxlint';
import {interfaceFiles, packageRooms, processEdge, processFiles, rooms} from './rooms.ts';

type Pattern = {regex: string; message: string; allowTypeImports?: boolean};

/**
 * The files of a room, in any subfolder, that don't declare its interface. They are listed because
 * the linter's patterns cannot express "all but".
 */
function innerFiles(room: string): string[] {
	return readdirSync(new URL(`source/${room}/`, import.meta.url), {recursive: true})
		.map(file => String(file).replaceAll('\\', '/'))
		.filter(file => /\.tsx?$/.test(file))
		.map(file => file.replace(/\.tsx?$/, ''))
		.filter(file => !(interfaceFiles[room] ?? []).includes(file));
}

/** What a room may not import, as patterns for the linter. */
function forbidden(name: string, {loads = false} = {}): Pattern[] {
	const room = rooms[name];
	const value = room?.value ?? [];
	const types = room?.interface ?? [];
	const late = room?.late ?? [];
	const others = Object.keys(rooms).filter(
		other =>
			other !== name && !value.includes(other) && !types.includes(other) && !late.includes(other),
	);
	const packages = Object.entries(packageRooms)
		.filter(([, allowed]) => !allowed.includes(name))
		.map(([packageName]) => packageName);
	return [
		{
			regex: `^(?:\\.\\./)+(?:${others.join('|')})/`,
			message: `${name}/ may not import this room (see rooms.ts)`,
		},
		...(loads ? [] : late).map(other => ({
			regex: `^(?:\\.\\./)+${other}/`,
			message: `${other}/ is loaded on demand by load.ts of ${name}/ only (see rooms.ts)`,
			allowTypeImports: true,
		})),
		...types.map(other => ({
			regex: `^(?:\\.\\./)+${other}/(?:${innerFiles(other).join('|')})\\.tsx?$`,
			message: `${name}/ may import only the interface files of ${other}/ (see rooms.ts)`,
		})),
		...types.map(other => ({
			regex: `^(?:\\.\\./)+${other}/(?:${(interfaceFiles[other] ?? []).join('|')})\\.ts$`,
			message: `${name}/ may import only types from ${other}/ (see rooms.ts)`,
			allowTypeImports: true,
		})),
		{
			regex: '^(?:node:)?process$',
			message: 'use the global `process`, where allowed (see rooms.ts)',
		},
		...packages.map(packageName => ({
			regex: `^${packageName}(?:/|$)`,
			message: `${name}/ may not import ${packageName} (see rooms.ts)`,
		})),
	];
}

const askForEffects = 'let the caller pass what you need of the process (see rooms.ts)';

const notCommands = Object.keys(rooms).filter(name => name !== 'commands');

export default defineConfig({
	plugins: ['typescript', 'unicorn', 'import', 'promise', 'oxc', 'vitest'],
	categories: {correctness: 'error', suspicious: 'error', perf: 'error'},
	ignorePatterns: ['dist', 'source/demo/project'],
	rules: {
		// Cycles of types and of dynamic imports count as well: none of their files can be
		// understood alone.
		'import/no-cycle': [
			'error',
			{ignoreTypes: false, allowUnsafeDynamicCyclicDependency: false, ignoreExternal: true},
		],
		'import/no-default-export': 'error',
		'typescript/no-explicit-any': 'error',
		'typescript/no-floating-promises': 'error',
		// A promise passed to `finally` is awaited.
		'typescript/no-misused-promises': ['error', {checksVoidReturn: {arguments: false}}],
		// Both ignore closures, and escapes in a character class.
		'no-unmodified-loop-condition': 'off',
		'no-misleading-character-class': 'off',
		'unicorn/prefer-array-flat-map': 'off',
		'typescript/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
		'typescript/consistent-type-imports': 'error',
		'typescript/prefer-readonly-parameter-types': 'off',
		// The compiler's `noImplicitReturns` and exhaustive switches cover this, with types.
		'typescript/consistent-return': 'off',
		// Methods of our interfaces are closures, not methods of classes.
		'typescript/unbound-method': 'off',
		'typescript/no-unsafe-type-assertion': 'off',
		eqeqeq: 'error',
		curly: ['error', 'all'],
		'vitest/consistent-test-it': ['error', {fn: 'test', withinDescribe: 'test'}],
		'no-console': 'error',
		'no-var': 'error',
		'prefer-const': 'error',
		// Sequential awaits are often intended: checks, events, directory entries.
		'no-await-in-loop': 'off',
		// Terminal text consists of control characters.
		'no-control-regex': 'off',
		'no-shadow': 'off',
		'import/no-unassigned-import': 'off',
		'unicorn/consistent-function-scoping': 'off',
		'unicorn/no-array-sort': 'off',
		'unicorn/no-array-reverse': 'off',
		'unicorn/no-array-callback-reference': 'off',
		'oxc/no-map-spread': 'off',
		'no-underscore-dangle': 'off',
		'promise/always-return': 'off',
		'typescript/no-misused-spread': 'off',
		// The second argument of `expect` is the failure message.
		'vitest/valid-expect': ['error', {maxArgs: 2}],
		'vitest/expect-expect': ['error', {assertFunctionNames: ['expect*', 'fc.assert']}],
		'vitest/require-mock-type-parameters': 'off',
		'typescript/require-array-sort-compare': 'off',
		'vitest/no-conditional-expect': 'off',
		'vitest/require-to-throw-message': 'off',
	},
	overrides: [
		...Object.keys(rooms).map(name => ({
			files: [`source/${name}/**`],
			rules: {'no-restricted-imports': ['error', {patterns: forbidden(name)}]},
		})),
		...Object.keys(rooms).map(name => ({
			files: [`source/${name}/**/load.ts`],
			rules: {'no-restricted-imports': ['error', {patterns: forbidden(name, {loads: true})}]},
		})),
		{
			files: ['source/**'],
			rules: {
				'no-restricted-globals': ['error', {name: 'process', message: askForEffects}],
				'no-restricted-properties': [
					'error',
					...['argv', 'env', 'exit', 'exitCode', 'stdin', 'stdout', 'stderr'].map(property => ({
						object: 'process',
						property,
						message: askForEffects,
					})),
				],
			},
		},
		{
			files: [...processEdge, ...Object.keys(processFiles)],
			rules: {'no-restricted-globals': 'off'},
		},
		{files: [...processEdge], rules: {'no-restricted-properties': 'off'}},
		{
			files: ['source/cli.ts'],
			rules: {
				'no-restricted-imports': [
					'error',
					{
						patterns: [
							{
								regex: `^\\./(?:${notCommands.join('|')})/`,
								message: 'cli.ts may import only commands/',
							},
						],
					},
				],
			},
		},
		{files: ['*.config.ts'], rules: {'import/no-default-export': 'off'}},
		{
			files: ['scripts/**', 'examples/**', 'benchmark/**', 'test/helpers/**'],
			rules: {'no-console': 'off'},
		},
	],
} as Parameters<typeof defineConfig>[0]);
