import {setImmediate} from 'node:timers/promises';

/**
 * Stops reading from a terminal that nobody here listens to any more: or else the next key, meant for who
 * has the terminal now, would come to us. What was typed before is forgotten. Reading begins again with
 * the next listener for `readable`.
 */
export async function stopReading(input: NodeJS.ReadStream): Promise<void> {
	// A stream learns in the tick after that its listeners are gone.
	await setImmediate();
	input.read();
	input.pause();
}
