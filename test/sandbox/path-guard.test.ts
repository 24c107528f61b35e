import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, existsSync, linkSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import {describe, expect, onTestFinished, test} from 'vitest';
import {createPathGuard} from '../../source/sandbox/create-path-guard.ts';
import {temporaryDirectory, writeFiles} from '../helpers/repository.ts';

const walks =
	process.platform === 'linux' ? (['descriptors', 'paths'] as const) : (['paths'] as const);

describe.each(walks)('a path guard that walks by %s', walk => {
	const make = () => {
		const root = temporaryDirectory('guard');
		const outside = temporaryDirectory('outside');
		writeFiles(outside, {secret: 'secret', 'deep/secret': 'secret'});
		writeFiles(root, {
			'a.txt': 'text',
			'src/b.ts': 'b',
			'.git/config': 'git',
			'sub/.git/config': 'git',
			'sub/x': 'x',
		});
		return {root, outside, guard: createPathGuard(root, {walk})};
	};

	const text = async (promise: Promise<Buffer | undefined>) => (await promise)?.toString();

	test('reads and writes files by relative and by absolute path', async () => {
		const {root, guard} = make();
		expect(await text(guard.readFile('src/../a.txt'))).toBe('text');
		expect(await text(guard.readFile(path.join(root, 'src/b.ts')))).toBe('b');
		expect(await guard.readFile('missing')).toBeUndefined();
		expect(await guard.readFile('missing/deep')).toBeUndefined();
		await guard.writeFile('new/deep/ü "x"\n.txt', Buffer.from('new'));
		expect(await text(guard.readFile('./new//deep/ü "x"\n.txt'))).toBe('new');
		expect(readdirSync(path.join(root, 'new/deep'))).toEqual(['ü "x"\n.txt']);
		expect(guard.normalize(`${root}/src/./b.ts/`)).toBe('src/b.ts');
		expect(guard.normalize('')).toBe('.');
	});

	test.each([
		'../x',
		'..',
		'src/../../x',
		'/etc/passwd',
		'.git/config',
		'.git',
		'sub/.git/config',
		'.GIT/config',
		'src/../.git/hooks/x',
		'.g\u200cit/config',
		'a\0b',
	])('denies %j for reading and writing', async name => {
		const {guard} = make();
		await expect(guard.readFile(name)).rejects.toMatchObject({kind: 'denied'});
		await expect(guard.listDirectory(name)).rejects.toMatchObject({kind: 'denied'});
		await expect(guard.writeFile(name, Buffer.from('x'))).rejects.toMatchObject({kind: 'denied'});
	});

	test('reads through links that stay inside and denies those that lead out', async () => {
		const {root, outside, guard} = make();
		writeFiles(root, {
			'l-file': {link: 'src/b.ts'},
			'l-dir': {link: 'src'},
			'src/up': {link: '../a.txt'},
			'l-abs': {link: path.join(root, 'a.txt')},
			'l-chain': {link: 'l-dir/up'},
			'l-loop': {link: 'l-loop'},
			'l-git': {link: '.git/config'},
			'l-out': {link: outside},
			'l-out-file': {link: path.join(outside, 'secret')},
			'src/out': {link: '../../../../../../../../etc'},
			'l-missing': {link: 'nothing'},
		});
		expect(await text(guard.readFile('l-file'))).toBe('b');
		expect(await text(guard.readFile('l-dir/b.ts'))).toBe('b');
		expect(await text(guard.readFile('l-abs'))).toBe('text');
		expect(await text(guard.readFile('l-chain'))).toBe('text');
		expect(await guard.readFile('l-missing')).toBeUndefined();
		expect((await guard.listDirectory('l-dir')).map(entry => entry.path)).toContain('l-dir/b.ts');
		for (const name of ['l-loop', 'l-git', 'l-out/secret', 'l-out-file', 'src/out/passwd']) {
			await expect(guard.readFile(name)).rejects.toMatchObject({kind: 'denied'});
		}

		for (const name of ['l-file', 'l-dir/new', 'l-out/new', 'l-out-file', 'l-missing', 'l-loop']) {
			const write = guard.writeFile(name, Buffer.from('x'));
			await expect(write).rejects.toMatchObject({
				kind: expect.stringMatching(/denied|tool-failed/),
			});
		}

		expect(readdirSync(outside)).toEqual(['deep', 'secret']);
		expect(readFileSync(path.join(root, 'src/b.ts'), 'utf8')).toBe('b');
		await expect(guard.listDirectory('l-out')).rejects.toMatchObject({kind: 'denied'});
	});

	test('refuses pipes and devices without waiting', async () => {
		const {root, guard} = make();
		execFileSync('mkfifo', [path.join(root, 'pipe')]);
		await expect(guard.readFile('pipe')).rejects.toMatchObject({kind: 'tool-failed'});
		await expect(guard.writeFile('pipe', Buffer.from('x'))).rejects.toMatchObject({
			kind: 'tool-failed',
		});
		await expect(guard.readFile('src')).rejects.toMatchObject({kind: 'tool-failed'});
		await expect(guard.readFile('a.txt/x')).rejects.toMatchObject({kind: 'tool-failed'});
		await expect(guard.writeFile('src', Buffer.from('x'))).rejects.toMatchObject({
			kind: 'tool-failed',
		});
	});

	test('does not write into a file that has another name', async () => {
		const {root, outside, guard} = make();
		linkSync(path.join(outside, 'secret'), path.join(root, 'hard'));
		await expect(guard.writeFile('hard', Buffer.from('x'))).rejects.toMatchObject({kind: 'denied'});
		expect(readFileSync(path.join(outside, 'secret'), 'utf8')).toBe('secret');
	});

	test('keeps the mode, and leaves nothing beside the file', async () => {
		const {root, guard} = make();
		chmodSync(path.join(root, 'a.txt'), 0o750);
		writeFiles(root, {});
		await guard.writeFile('a.txt', Buffer.from('changed'));
		expect(statSync(path.join(root, 'a.txt')).mode & 0o777).toBe(0o750);
		expect(readdirSync(root).sort()).toEqual(['.git', 'a.txt', 'src', 'sub']);
	});

	test('reads no more than it may', async () => {
		const {guard} = make();
		await guard.writeFile('big', Buffer.alloc(1000));
		expect(await guard.readFile('big', 1000)).toHaveLength(1000);
		await expect(guard.readFile('big', 999)).rejects.toMatchObject({kind: 'tool-failed'});
	});

	test('lists a directory sorted, with kinds, without .git', async () => {
		const {root, guard} = make();
		writeFiles(root, {link: {link: 'src'}});
		expect(await guard.listDirectory('.')).toEqual([
			{path: 'a.txt', kind: 'file', size: 4},
			{path: 'link', kind: 'other'},
			{path: 'src', kind: 'directory'},
			{path: 'sub', kind: 'directory'},
		]);
		expect(await guard.listDirectory('sub')).toEqual([{path: 'sub/x', kind: 'file', size: 1}]);
		await expect(guard.listDirectory('nowhere')).rejects.toMatchObject({kind: 'tool-failed'});
	});

	test('never touches anything outside, whatever the path', async () => {
		const {root, outside, guard} = make();
		writeFiles(root, {out: {link: outside}, 'src/out': {link: '../../'}, abs: {link: '/'}});
		const parts = [
			'..',
			'.',
			'',
			'src',
			'out',
			'abs',
			'a.txt',
			'secret',
			'.git',
			'tmp',
			path.basename(outside),
			'new',
		];
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.constantFrom(...parts), {maxLength: 6}),
				fc.constantFrom('', '/', `${root}/`, `${outside}/`),
				async (names, start) => {
					const name = start + names.join('/');
					const found = await guard.readFile(name).catch(() => undefined);
					expect(found?.toString()).not.toBe('secret');
					await guard.writeFile(`${name}/w`, Buffer.from('w')).catch(() => undefined);
					expect(readdirSync(outside)).toEqual(['deep', 'secret']);
					expect(existsSync(path.join(path.dirname(root), 'w'))).toBe(false);
				},
			),
			{numRuns: 150},
		);
	});
});

test.runIf(process.platform === 'linux')(
	'nobody who swaps directories and links gets a file out or in',
	async () => {
		const root = temporaryDirectory('guard');
		const outside = temporaryDirectory('outside');
		writeFiles(outside, {file: 'SECRET'});
		writeFiles(root, {'inner/file': 'inside'});
		const swapper = spawn(
			process.execPath,
			[path.join(import.meta.dirname, 'swapper.ts'), root, outside],
			{
				stdio: ['ignore', 'pipe', 'inherit'],
			},
		);
		onTestFinished(async () => {
			const ended = once(swapper, 'exit');
			swapper.kill('SIGKILL');
			await ended;
		});
		await once(swapper.stdout, 'data');

		const guard = createPathGuard(root, {walk: 'descriptors'});
		const seen = {inside: 0, nothing: 0, refused: 0, escaped: 0};
		const enough = () => seen.inside > 100 && seen.refused + seen.nothing > 100;
		for (let rounds = 0; rounds < 500 || !enough(); rounds++) {
			await Promise.all([
				guard.readFile('inner/file').then(
					found => {
						const place =
							found === undefined
								? 'nothing'
								: found.toString() === 'SECRET'
									? 'escaped'
									: 'inside';
						seen[place]++;
					},
					() => seen.refused++,
				),
				guard.writeFile('inner/written', Buffer.from('x')).catch(() => undefined),
				guard.writeFile('inner/new/written', Buffer.from('x')).catch(() => undefined),
			]);
			if (readdirSync(outside).length !== 1) {
				seen.escaped++;
				break;
			}
		}

		expect(seen.escaped).toBe(0);
	},
);
