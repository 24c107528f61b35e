import {findCallInProse} from '../core/printed-calls.ts';
import type {ToolSpec} from '../core/chat.ts';
import {isJsonObject} from '../core/json.ts';
import {normalizedName} from '../core/text.ts';

/**
 * Nudges a model that wrote a call into its text that was not executed, because of surrounding text
 * or wrong arguments. `undefined` if there is nothing like a call in it.
 */
export function nudgeForCallInText(text: string, tools: readonly ToolSpec[]): string | undefined {
	const call = findCallInProse(text);
	if (!call) {
		return undefined;
	}

	const bare = normalizedName(call.name);
	const tool = tools.find(
		({name}) => bare === normalizedName(name) || bare.endsWith(`.${normalizedName(name)}`),
	);
	const names = tools.map(({name}) => name).join(', ');
	const what = tool
		? `The arguments of ${tool.name}: ${describe(tool)}.`
		: `There is no tool ${JSON.stringify(call.name)}. Tools: ${names}.`;
	return `Nothing was done: a call in your text is not a tool call. ${what} Answer with the call alone, without any words around it.`;
}

/** `path (string), offset (integer, may be left out)` */
function describe({input}: ToolSpec): string {
	const {properties, required} = input;
	const needed = Array.isArray(required) ? required : [];
	const fields = isJsonObject(properties) ? Object.entries(properties) : [];
	const words = fields.map(([name, field]) => {
		const type = isJsonObject(field) && typeof field['type'] === 'string' ? field['type'] : 'any';
		return `${name} (${type}${needed.includes(name) ? '' : ', may be left out'})`;
	});
	return words.join(', ') || 'none';
}
