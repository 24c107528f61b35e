import {type RunEvent, runEventSchema} from '../core/run-event.ts';
import {blobName} from '../core/payload.ts';
import type {Redact} from '../core/redact.ts';

/**
 * The redacted start of a run: blobs under their new names, and the first event referring to them.
 */
export function redactedStart(
	first: RunEvent,
	texts: readonly string[],
	redact: Redact,
): {readonly first: RunEvent; readonly blobs: ReadonlyMap<string, string>} {
	if (first.seq !== 1 || first.epoch !== 1) {
		throw new Error('a run must start with event 1 of epoch 1');
	}
	const blobs = new Map<string, string>();
	let json = JSON.stringify(first);
	for (const text of texts) {
		const kept = redact(text);
		const name = blobName(kept);
		blobs.set(name, kept);
		json = json.replaceAll(blobName(text), name);
	}

	return {first: runEventSchema.parse(JSON.parse(json)), blobs};
}
