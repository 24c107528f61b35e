import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {z} from 'zod';
import type {BenchmarkCase, Figure} from './case.ts';
import {quantile, spreadOf} from './spread.ts';
import {endlessSchema, volumeSchema} from './stream-readings.ts';
import {longText, type answers} from './stream-server.ts';

/** Answers whose first delta is timed, and warm-up answers, which compile the code. */
const timed = 200;
const warmUps = 20;

/** Number of new processes, to time the first answer of each. */
const processes = 5;

/** Characters that are read through each adapter. */
const volume = 100_000_000;

const serverProcess = fileURLToPath(new URL('stream-server-process.ts', import.meta.url));
const readingProcess = fileURLToPath(new URL('stream-process.ts', import.meta.url));

const protocols = [
	{name: 'Anthropic Messages', adapter: 'anthropic', path: '/v1/messages'},
	{name: 'OpenAI Responses', adapter: 'openai', path: '/v1/responses'},
	{name: 'chat completions', adapter: 'compatible', path: '/v1/chat/completions'},
	{name: 'Ollama', adapter: 'ollama', path: '/api/chat'},
] as const;

export const benchmark: BenchmarkCase = {
	title: `Streams through each adapter: the first delta, ${volume / 1e6} MB of text, an answer without end`,
	async run() {
		const server = spawn(process.execPath, [serverProcess], {
			stdio: ['pipe', 'pipe', 'inherit'],
		});
		try {
			const [url] = z.tuple([z.instanceof(Buffer)]).parse(await once(server.stdout, 'data'));
			const figures: Figure[] = [];
			for (const protocol of protocols) {
				figures.push(...(await measure(protocol, url.toString())));
			}

			return figures;
		} finally {
			server.kill();
		}
	},
};

async function measure(
	{name, adapter, path}: (typeof protocols)[number],
	url: string,
): Promise<readonly Figure[]> {
	const read = async <Value>(
		answer: (typeof answers)[number],
		count: number,
		schema: z.ZodType<Value>,
	) => readInProcess([answer, adapter, url, path, `${count}`], schema);
	const warm = (await read('prompt', warmUps + timed, timesSchema)).slice(warmUps);
	const firsts: number[] = [];
	for (let made = 0; made < processes; made++) {
		firsts.push(...(await read('prompt', 1, timesSchema)));
	}

	return [
		figure(`${name}: first bytes → first delta`, 'ms', warm),
		{
			...figure(`${name}: 95 of 100 of them`, 'ms', [quantile(warm, 0.95)]),
			target: {of: 'median', atMost: 2},
		},
		figure(`${name}: first answer of a process`, 'ms', firsts),
		...volumeFigures(name, await read('long', Math.ceil(volume / longText), volumeSchema)),
		...endlessFigures(name, await read('endless', volume, endlessSchema)),
	];
}

function volumeFigures(
	name: string,
	{adapter, bare, bytes, grown, idle, peak}: z.infer<typeof volumeSchema>,
): readonly Figure[] {
	const perSecond = (ms: number) => bytes / 1e3 / ms;
	return [
		{
			...figure(`${name}: body that is read`, 'MB/s', adapter.map(perSecond)),
			floor: {name: 'fetch alone', measured: spreadOf(bare.map(perSecond))},
		},
		{
			...figure(`${name}: most that the memory held between answers rose`, 'MiB', [grown]),
			target: {of: 'median', atMost: 8},
		},
		{
			...figure(`${name}: highest resident memory`, 'MiB', [peak]),
			floor: {name: 'before', measured: spreadOf([idle])},
		},
	];
}

function endlessFigures(
	name: string,
	{ending, characters, bytes, idle, resident}: z.infer<typeof endlessSchema>,
): readonly Figure[] {
	return [
		{
			kind: 'checked',
			name: `${name}: an answer without end is ended`,
			passed: ending === 'output-cut',
			detail: `${ending} after ${(characters / 1e6).toFixed(2)} M characters, ${(bytes / 1e6).toFixed(1)} MB of body`,
		},
		{
			...figure(`${name}: resident memory then`, 'MiB', [resident]),
			floor: {name: 'before', measured: spreadOf([idle])},
		},
	];
}

async function readInProcess<Value>(
	args: readonly string[],
	schema: z.ZodType<Value>,
): Promise<Value> {
	const {stdout} = await promisify(execFile)(process.execPath, [
		'--expose-gc',
		readingProcess,
		...args,
	]);
	return schema.parse(JSON.parse(stdout));
}

function figure(name: string, unit: string, values: readonly number[]) {
	return {kind: 'measured' as const, name, unit, measured: spreadOf(values)};
}

const timesSchema = z.array(z.number());
