import {setImmediate as nextTurn} from 'node:timers/promises';
import {FailureError, toFailure, type Failure} from '../../source/core/failure.ts';
import type {AttemptContext, Dispatcher} from '../../source/engine/attempt/attempt-context.ts';

type Reply = {readonly value: unknown} | {readonly failure: Failure};

/**
 * Executes attempts as another process would: every call of their context travels as JSON and arrives
 * later, so what is not plain data is refused, and nothing is answered at once. The result follows the
 * messages before it; a cancelled wait is told to the other side.
 */
export function remoteDispatcher(dispatch: Dispatcher): Dispatcher {
	return async (spec, local) => {
		const {context, arrived} = remoteContext(local);
		try {
			return overTheWire(await dispatch(overTheWire(spec), context));
		} finally {
			await arrived();
		}
	};
}

function remoteContext(local: AttemptContext): {
	readonly context: AttemptContext;
	/** Resolves when all that was sent has arrived. */
	readonly arrived: () => Promise<unknown>;
} {
	/** Messages arrive in the order in which they were sent. */
	let line: Promise<unknown> = Promise.resolve();
	const inOrder = (act: () => void) => {
		line = line.then(async () => nextTurn()).then(act);
	};

	const ask = async <Value>(
		act: (signal: AbortSignal) => Promise<Value>,
		signal?: AbortSignal,
	): Promise<Value> => {
		signal?.throwIfAborted();
		const cancelling = new AbortController();
		const {promise, resolve, reject} = Promise.withResolvers<Value>();
		signal?.addEventListener('abort', () => {
			reject(signal.reason);
			inOrder(() => {
				cancelling.abort(new FailureError('cancelled', 'cancelled by the other side'));
			});
		});
		inOrder(() => {
			void act(cancelling.signal)
				.then(
					(value): Reply => ({value}),
					(error: unknown): Reply => ({failure: toFailure(error)}),
				)
				.then(async reply => {
					await nextTurn();
					const received = overTheWire(reply);
					if ('failure' in received) {
						const {kind, message} = received.failure;
						reject(new FailureError(kind, message, received.failure));
					} else {
						resolve(received.value as Value);
					}
				});
		});
		return promise;
	};

	const send = <Args extends readonly unknown[]>(act: (...args: Args) => void, ...args: Args) => {
		const sent = overTheWire(args);
		inOrder(() => {
			act(...sent);
		});
	};

	const context: AttemptContext = {
		emit(body) {
			send(local.emit, body);
		},
		putBlob(text) {
			send(local.putBlob, text);
		},
		barrier: async () => ask(local.barrier),
		readBlob: async hash => ask(async () => local.readBlob(overTheWire(hash))),
		history: async () => ask(local.history),
		ask: async (subject, signal) =>
			ask(async ending => local.ask(overTheWire(subject), ending), signal),
		admitCall: async (call, signal) =>
			ask(async ending => local.admitCall(overTheWire(call), ending), signal),
		endCall(admission, end) {
			send(local.endCall, admission, end);
		},
		mayRetry: async route => ask(async () => local.mayRetry(overTheWire(route))),
		teamState: async () => ask(local.teamState),
		beginTurn: async (start, signal) =>
			ask(async ending => local.beginTurn(overTheWire(start), ending), signal),
		onInterrupt(listener) {
			local.onInterrupt(turn => {
				inOrder(() => {
					listener(overTheWire(turn));
				});
			});
		},
		sendMessage: async (to, text) => ask(async () => local.sendMessage(to, text)),
		stream(delta) {
			send(local.stream, delta);
		},
		signal: local.signal,
	};
	return {context, arrived: async () => line};
}

/** As JSON there and back; what JSON does not have (infinite numbers) may not be sent. */
function overTheWire<Value>(value: Value): Value {
	const text = JSON.stringify(value, (_, field: unknown) => {
		if (typeof field === 'function' || field instanceof Map || field === Infinity) {
			throw new TypeError(`a ${typeof field} is not plain data`);
		}

		return field;
	});
	return text === undefined ? value : (JSON.parse(text) as Value);
}
