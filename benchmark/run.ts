import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, rmSync} from 'node:fs';
import {mkdtemp, readdir, realpath} from 'node:fs/promises';
import {availableParallelism, cpus, loadavg, release, tmpdir} from 'node:os';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {z} from 'zod';
import {type BenchmarkCase, figureSchema, isMet, ratioOf} from './case.ts';
import {formatCase} from './table.ts';

/*
 * `npm run bench`: runs every case in its own process, one after another. Prints a table on stderr
 * and one JSON document on stdout; exit code 1 if a figure misses its target. `node
 * benchmark/run.ts fold log` runs only some cases.
 */
const resultSchema = z.object({title: z.string(), figures: z.array(figureSchema)});
const inside = '--in-this-process';

const args = process.argv.slice(2);
if (args[0] === inside) {
	process.stdout.write(JSON.stringify(await runHere(args[1] ?? '')));
} else {
	process.exitCode = await runAll(args.length > 0 ? args : await caseNames());
}

async function runAll(names: readonly string[]): Promise<number> {
	const machine = describeMachine();
	process.stderr.write(
		`${machine.date}, Node ${machine.node}, ${machine.system}, ${machine.cores} × ${machine.processor}, load ${machine.load}\n`,
	);
	const cases = [];
	for (const name of names) {
		const {title, figures} = await runInProcess(name);
		process.stderr.write(`\n${formatCase(title, figures)}`);
		cases.push({
			name,
			title,
			figures: figures.map(figure => ({
				...figure,
				...(figure.kind === 'measured' ? {ratio: ratioOf(figure)} : {}),
				met: isMet(figure),
			})),
		});
	}

	const missed = cases.flatMap(({figures}) => figures.filter(({met}) => met === false));
	process.stderr.write(
		missed.length === 0
			? '\nAll targets are met.\n'
			: `\nMissed: ${missed.map(({name}) => name).join('; ')}.\n`,
	);
	process.stdout.write(`${JSON.stringify({machine, cases, missed: missed.length}, null, '\t')}\n`);
	return missed.length === 0 ? 0 : 1;
}

async function caseNames(): Promise<readonly string[]> {
	const ending = '.case.ts';
	const files = await readdir(import.meta.dirname);
	return files
		.filter(file => file.endsWith(ending))
		.map(file => file.slice(0, -ending.length))
		.sort();
}

async function runInProcess(name: string): Promise<z.infer<typeof resultSchema>> {
	const child = spawn(
		process.execPath,
		['--expose-gc', fileURLToPath(import.meta.url), inside, name],
		{stdio: ['ignore', 'pipe', 'inherit']},
	);
	const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
	if (code !== 0) {
		throw new Error(`the benchmark ${name} ended with ${String(code)}`);
	}

	return resultSchema.parse(JSON.parse(output));
}

async function runHere(name: string): Promise<z.infer<typeof resultSchema>> {
	const file = join(import.meta.dirname, `${name}.case.ts`);
	if (!existsSync(file)) {
		throw new Error(`unknown benchmark ${name}; benchmarks: ${(await caseNames()).join(', ')}`);
	}

	const {benchmark} = (await import(file)) as {readonly benchmark: BenchmarkCase};
	const scratch = await realpath(await mkdtemp(join(tmpdir(), 'llm-orchestrator-bench-')));
	process.on('exit', () => {
		rmSync(scratch, {recursive: true, force: true, maxRetries: 5});
	});
	for (const signal of ['SIGINT', 'SIGTERM']) {
		process.on(signal, () => process.exit(1));
	}

	return {title: benchmark.title, figures: [...(await benchmark.run(scratch))]};
}

function describeMachine() {
	return {
		date: new Date().toISOString(),
		node: process.versions.node,
		system: `${process.platform} ${release()}`,
		processor: cpus()[0]?.model.trim() ?? 'unknown',
		cores: availableParallelism(),
		/** Average number of runnable processes in the last minute. */
		load: (loadavg()[0] ?? 0).toFixed(2),
	};
}
