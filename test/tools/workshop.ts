import {FailureError} from '../../source/core/failure.ts';
import type {Json} from '../../source/core/json.ts';
import {createPathGuard} from '../../source/sandbox/create-path-guard.ts';
import {createToolbox} from '../../source/tools/create-toolbox.ts';
import type {ToolContext} from '../../source/tools/tool.ts';
import type {Files} from '../helpers/repository.ts';
import {temporaryDirectory, writeFiles} from '../helpers/repository.ts';

/** A signal that ends nothing. */
export const never = new AbortController().signal;

/**
 * The tools in a directory of its own with these files. `call` gives what an agent would be told,
 * also of a failure; `prepare` throws it. No command can be run unless `more` has a sandbox.
 */
export function workshop(files: Files, more: Partial<ToolContext> = {}) {
	const root = temporaryDirectory('tools');
	writeFiles(root, files);
	const context: ToolContext = {
		files: createPathGuard(root),
		sandbox: {
			confinement: {backend: 'none', label: 'UNSANDBOXED', confined: false},
			killLeftovers: async () => undefined,
			run: () => Promise.reject(new Error('no command expected')),
		},
		known: new Map(),
		maxResult: () => 30 * 1024,
		readResult: async () => undefined,
		commandTimeoutMs: 1000,
		sendMessage: async () => 'sent',
		...more,
	};
	const toolbox = createToolbox();
	const prepare = (name: string, args: {readonly [key: string]: Json}) =>
		toolbox.prepare(
			{kind: 'tool-call', id: '1', name, argumentsText: JSON.stringify(args), arguments: args},
			context,
		);
	const call = async (name: string, args: {readonly [key: string]: Json}) => {
		try {
			const prepared = await prepare(name, args);
			return await prepared.execute(never);
		} catch (error) {
			if (error instanceof FailureError) {
				return {ok: false, kind: error.kind, text: error.message};
			}

			throw error;
		}
	};
	return {root, context, prepare, call};
}
