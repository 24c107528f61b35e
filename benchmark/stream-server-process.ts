import {startStreamServer} from './stream-server.ts';

/** Serves streams in its own process: prints its address, and ends when its standard input does. */
const server = await startStreamServer();
process.stdin.resume().on('end', () => process.exit());
process.stdout.write(server.url);
