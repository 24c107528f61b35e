import {ProviderError} from '../provider.ts';

/** What an adapter leaves out, or says in another way, because its server refused it. By name. */
export type Concessions = {
	/** Grows while requests are refused. */
	readonly made: ReadonlySet<string>;
	/** Sends a request, and again after each concession. */
	ask<Value>(send: () => Promise<Value>, find: FindConcession): Promise<Value>;
	/** The same for a stream; a refusal comes before its first event. */
	stream<Event>(open: () => AsyncIterable<Event>, find: FindConcession): AsyncGenerator<Event>;
};

/** The name of what a refusal is about; `undefined` if nothing can be conceded. */
export type FindConcession = (refusal: ProviderError) => string | undefined;

/** More than any server refuses. */
const maxConcessions = 12;

/**
 * Servers that speak a vendor's protocol refuse some of its optional fields. Each refusal costs one
 * request: concessions are kept for the life of the adapter, one endpoint.
 */
export function createConcessions(): Concessions {
	const made = new Set<string>();

	/** Throws the error if there is nothing new to concede. */
	const concede = (error: unknown, find: FindConcession): void => {
		const name = error instanceof ProviderError ? find(error) : undefined;
		if (name === undefined || made.has(name) || made.size >= maxConcessions) {
			throw error;
		}

		made.add(name);
	};

	return {
		made,
		async ask(send, find) {
			for (;;) {
				try {
					return await send();
				} catch (error) {
					concede(error, find);
				}
			}
		},
		async *stream(open, find) {
			for (;;) {
				let hasStarted = false;
				try {
					for await (const event of open()) {
						hasStarted = true;
						yield event;
					}

					return;
				} catch (error) {
					if (hasStarted) {
						throw error;
					}

					concede(error, find);
				}
			}
		},
	};
}

/** Whether a server rejected the request itself. */
export function isRefusal({kind, status}: ProviderError): boolean {
	return kind === 'bad-request' && (status === 400 || status === 422);
}

/** The one of these fields that the server says it does not accept. */
export function refusedField(message: string, fields: Iterable<string>): string | undefined {
	return refusalWords.test(message)
		? [...fields].find(name => new RegExp(`(?<![\\w])${name}(?![\\w])`).test(message))
		: undefined;
}

/** As in pydantic, Go and Rust decoders, and the vendors' own servers. */
const refusalWords =
	/extra|unsupported|unrecognized|unknown|unexpected|unavailable|not (permitted|supported|allowed|recognized|available|accepted|a valid|valid|enabled)|(does|do)(n.t| not) (support|accept|allow)|additional propert|invalid (field|param|argument|property)|no such field|cannot be (used|set)|must not|deprecated|forbidden/i;

/** The fields of a body that its server may do without. */
export function optionalFields(body: object, required: ReadonlySet<string>): readonly string[] {
	return Object.keys(body).filter(name => !required.has(name));
}

/** A value without these fields; `required` ones stay. */
export function withoutFields<Value extends object>(
	value: Value,
	leftOut: ReadonlySet<string>,
	required: ReadonlySet<string> = new Set(),
): Value {
	const kept = Object.entries(value).filter(([name]) => required.has(name) || !leftOut.has(name));
	return Object.fromEntries(kept) as Value;
}
