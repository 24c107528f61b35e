import {FailureError} from '../core/failure.ts';
import {createTools, parseCall, toolSpec} from './catalog.ts';
import type {Toolbox} from './toolbox.ts';

/** All tools, ready for the loop and the engine. */
export function createToolbox(): Toolbox {
	const tools = createTools();
	const byName = new Map(tools.map(tool => [tool.name, tool]));
	return {
		specs: tools.map(toolSpec),
		effectOf: name => byName.get(name)?.effect,
		async prepare(call, context) {
			const tool = byName.get(call.name);
			if (!tool) {
				const names = [...byName.keys()].join(', ');
				throw new FailureError('bad-call', `There is no tool "${call.name}". Tools: ${names}`);
			}

			if (call.arguments === undefined) {
				throw new FailureError('bad-call', `The arguments of ${call.name} are no JSON object`);
			}

			return tool.prepare(parseCall(tool, call.arguments), context);
		},
	};
}
