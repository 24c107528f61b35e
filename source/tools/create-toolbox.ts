import {FailureError} from '../core/failure.ts';
import type {Json} from '../core/json.ts';
import {createTools, toolSpec, type AnyTool} from './catalog.ts';
import {readArguments, type ReadArguments} from './read-arguments.ts';
import {createNameFinder, unknownToolMessage} from './find-tool-name.ts';
import type {PreparedCall} from './tool.ts';
import type {Toolbox} from './toolbox.ts';

/** Tools, ready for the loop and the engine. Default: all that there are. */
export function createToolbox(tools: readonly AnyTool[] = createTools()): Toolbox {
	const names = tools.map(({name}) => name);
	const byName = new Map(tools.map(tool => [tool.name, tool]));
	const findName = createNameFinder(names);
	const find = (given: string) => byName.get(findName(given) ?? '');
	return {
		specs: tools.map(toolSpec),
		effectOf: name => find(name)?.effect,
		accepts: (name, args) => matchTool(find(name), args)?.tool.name,
		normalize(call) {
			const fit = matchTool(find(call.name), call.arguments);
			return fit ? {...call, name: fit.tool.name, arguments: {...fit.read.fields}} : call;
		},
		async prepare(call, context) {
			const tool = find(call.name);
			if (!tool) {
				throw new FailureError('bad-call', unknownToolMessage(call.name, names));
			}

			if (call.arguments === undefined) {
				throw new FailureError('bad-call', notAnObject(tool, call.argumentsText));
			}

			const {input, ignored} = readArguments(tool, call.arguments);
			return withIgnoredNote(await tool.prepare(input, context), ignored);
		},
	};
}

function matchTool(
	tool: AnyTool | undefined,
	args: Json | undefined,
): {readonly tool: AnyTool; readonly read: ReadArguments} | undefined {
	try {
		return tool && args !== undefined ? {tool, read: readArguments(tool, args)} : undefined;
	} catch {
		return undefined;
	}
}

/** Mentions ignored fields in the result, so that the model doesn't assume they had an effect. */
function withIgnoredNote(prepared: PreparedCall, ignored: readonly string[]): PreparedCall {
	return ignored.length === 0
		? prepared
		: {
				...prepared,
				async execute(signal) {
					const outcome = await prepared.execute(signal);
					const note = `[unknown and not heeded: ${ignored.join(', ').slice(0, 200)}]`;
					return {...outcome, text: `${outcome.text}\n${note}`};
				},
			};
}

function notAnObject({name, example}: AnyTool, text: string): string {
	return `The arguments of ${name} are not a JSON object${parseErrorOf(text)}. A right call: ${name} ${JSON.stringify(example)}`;
}

/** Where parsing failed, in the engine's words. */
function parseErrorOf(text: string): string {
	try {
		JSON.parse(text);
		return '';
	} catch (error) {
		return error instanceof Error ? ` (${error.message.slice(0, 200)})` : '';
	}
}
