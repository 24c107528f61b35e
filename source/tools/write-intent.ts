import {FailureError} from '../core/failure.ts';
import {hashOf} from './text-file.ts';
import type {PreparedCall, ToolContext} from './tool.ts';

/** Prepares the write of one entire file, which only happens if the file is unchanged by then. */
export function prepareWrite(
	{files, known}: ToolContext,
	{
		path,
		before,
		content,
		summary,
		permission,
		done,
	}: {
		readonly path: string;
		/** Hash of the file when it was read; `null`: no file. */
		readonly before: string | null;
		readonly content: Buffer;
		readonly summary: string;
		readonly permission: NonNullable<PreparedCall['permission']>;
		/** What the model is told. */
		readonly done: string;
	},
): PreparedCall {
	const after = hashOf(content);
	return {
		summary,
		permission,
		intent: {path, before, after},
		async execute(signal) {
			signal.throwIfAborted();
			const now = await files.readFile(path);
			if ((now === undefined ? null : hashOf(now)) !== before) {
				known.delete(path);
				throw new FailureError('tool-failed', `${path} changed meanwhile: read it again`);
			}

			await files.writeFile(path, content);
			known.set(path, after);
			return {ok: true, text: done, files: [{path, hash: after, written: true}]};
		},
	};
}

/** Refuses to change a file whose current content the agent has not seen. */
export function requireKnown({known}: ToolContext, path: string, hash: string): void {
	const seen = known.get(path);
	if (seen !== hash) {
		throw new FailureError(
			'tool-failed',
			seen === undefined
				? `Read ${path} with read_file before changing it`
				: `${path} changed since you last saw it: read it again with read_file`,
		);
	}
}
