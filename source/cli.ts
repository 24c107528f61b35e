#!/usr/bin/env node
import {helpOf} from './commands/help.ts';
import {isSupported, nodeVersion, unsupportedNodeMessage} from './commands/process/node-version.ts';
import {readVersion} from './commands/process/version.ts';

// The reader of our output may be gone (`… | head`), which is not an error; a full disk is one.
process.stderr.on('error', () => undefined);
process.stdout.on('error', noteLostOutput);
let lostOutput: string | undefined;
process.once('exit', reportLostOutput);

/** As `exitCodes['store-failed']`, without loading it. */
const storeFailedCode = 8;

// Version and help are answered without loading anything else.
const args = process.argv.slice(2);
const [first] = args;
const beforeDashes = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;

if (!isSupported(nodeVersion)) {
	process.stderr.write(`${unsupportedNodeMessage(nodeVersion)}\n`);
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
	const io = createProcessIo({
		environment: process.env,
		exitNow: code => process.exit(code),
	});
	const code =
		first === undefined
			? await (await import('./commands/home.ts')).showHome(io)
			: await (await import('./commands/main.ts')).main(args, io);
	process.exitCode = code;
	await io.close();
	// Keep-alive connections must not keep the process alive.
	process.stdout.write('', error => {
		noteLostOutput(error);
		process.stderr.write('', () => {
			process.exit(code);
		});
	});
}

/** Whether a full-screen view can be drawn and keys can be read. */
function isTerminal(): boolean {
	return process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb';
}

function noteLostOutput(error: NodeJS.ErrnoException | null | undefined): void {
	// Once the reader is gone, the stream is destroyed.
	if (error && error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') {
		lostOutput ??= error.message;
	}
}

/** Makes lost output a failure. Commands that check their output have failed already. */
function reportLostOutput(code: number): void {
	if (code === 0 && lostOutput !== undefined) {
		process.stderr.write(
			`cannot write to standard output: ${lostOutput}\n→ free some disk space, then try again\n`,
		);
		process.exitCode = storeFailedCode;
	}
}
