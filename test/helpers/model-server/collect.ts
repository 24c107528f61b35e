/** All values of a stream. */
export async function collectAll<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
	const all: Value[] = [];
	for await (const value of values) {
		all.push(value);
	}

	return all;
}
