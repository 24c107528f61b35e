import {setImmediate} from 'node:timers/promises';

/**
 * Stops reading from a terminal without listeners: otherwise the next key, meant for the program that
 * has the terminal now, would come to us. Input typed before is dropped. Reading resumes with the
 * next `readable` listener.
 */
export async function stopReading(input: NodeJS.ReadStream): Promise<void> {
	// A stream notices removed listeners in the next tick.
	await setImmediate();
	input.read();
	input.pause();
}
