import {once} from 'node:events';
import {createServer, type AddressInfo, type Socket} from 'node:net';

export type BrokenServer = {
	readonly url: string;
	/** Connections that were made. */
	readonly connections: () => number;
	close(): Promise<void>;
};

/**
 * A server that speaks no HTTP by itself: it waits for the end of a request's header, then does
 * with the socket what the test says, byte by byte as a proxy or a dying process would.
 */
export async function startBrokenServer(
	answer: (socket: Socket) => void | Promise<void>,
): Promise<BrokenServer> {
	const sockets = new Set<Socket>();
	let connections = 0;
	const server = createServer(socket => {
		connections++;
		sockets.add(socket);
		let asked = '';
		socket.on('error', () => {});
		socket.on('data', bytes => {
			const before = asked;
			asked += bytes.toString('latin1');
			if (!before.includes('\r\n\r\n') && asked.includes('\r\n\r\n')) {
				void answer(socket);
			}
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		connections: () => connections,
		async close() {
			const closed = once(server, 'close');
			server.close();
			for (const socket of sockets) {
				socket.destroy();
			}

			await closed;
		},
	};
}
