#!/usr/bin/env node
import {helpOf} from './commands/help.ts';
import {isSupported, nodeComplaint} from './commands/process/node-version.ts';
import {readVersion} from './commands/process/version.ts';

// Whoever read our output may be gone (`… | head`): that is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
	stream.on('error', () => undefined);
}

/*
 * What needs nothing is answered at once, without loading anything.
 */
const args = process.argv.slice(2);
const [first] = args;
const beforeDashes = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;

if (!isSupported(process.versions.node)) {
	process.stderr.write(`${nodeComplaint(process.versions.node)}\n`);
	process.exitCode = 2;
} else if (first === '--version' || first === '-V') {
	process.stdout.write(`${readVersion()}\n`);
} else if (
	(first === undefined && !isTerminal()) ||
	first === '--help' ||
	first === '-h' ||
	first === 'help'
) {
	process.stdout.write(`${helpOf(args[1])}\n`);
} else if (beforeDashes.includes('--help') || beforeDashes.includes('-h')) {
	process.stdout.write(`${helpOf(first)}\n`);
} else {
	const {createProcessIo} = await import('./commands/process/io.ts');
	const io = createProcessIo(process.env);
	const code =
		first === undefined
			? await (await import('./commands/home.ts')).showHome(io)
			: await (await import('./commands/main.ts')).main(args, io);
	// Connections that are kept alive must not keep the program alive.
	process.stdout.write('', () => {
		process.stderr.write('', () => {
			process.exit(code);
		});
	});
}

/** Whether somebody sits at it: a full-screen view can be drawn and keys be read. */
function isTerminal(): boolean {
	return process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb';
}
