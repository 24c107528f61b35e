#!/usr/bin/env node
import {helpTexts, overview} from './commands/help.ts';
import {isSupported, nodeComplaint} from './commands/node-version.ts';
import {readVersion} from './commands/version.ts';

/*
 * What needs nothing is answered at once: importing the argument parser alone costs more than
 * starting Node.
 */
const args = process.argv.slice(2);
const [first] = args;
const beforeDashes = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;

if (!isSupported(process.versions.node)) {
	process.stderr.write(`${nodeComplaint(process.versions.node)}\n`);
	process.exitCode = 2;
} else if (first === '--version' || first === '-V') {
	process.stdout.write(`${readVersion()}\n`);
} else if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
	process.stdout.write(`${helpTexts[args[1] ?? ''] ?? overview}\n`);
} else if (beforeDashes.includes('--help') || beforeDashes.includes('-h')) {
	process.stdout.write(`${helpTexts[first] ?? overview}\n`);
} else {
	const [{main}, {createProcessIo}, {homedir}] = await Promise.all([
		import('./commands/main.ts'),
		import('./commands/io.ts'),
		import('node:os'),
	]);
	const code = await main(args, createProcessIo(process.env, homedir()));
	// Connections that are kept alive must not keep the program alive.
	process.stdout.write('', () => {
		process.stderr.write('', () => {
			process.exit(code);
		});
	});
}
