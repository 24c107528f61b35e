import type {ScriptedCall} from './reply.ts';

export const defaultUsage = {input: 100, cached: 20, output: 10};

export function textOf({arguments: args}: ScriptedCall): string {
	return typeof args === 'string' ? args : JSON.stringify(args);
}

export function idOf({id}: ScriptedCall, prefix: string, ordinal: number, index: number) {
	return id === undefined ? `${prefix}_${ordinal}_${index}` : id;
}

/** A few pieces, as a model would stream it. */
export function pieces(text: string): readonly string[] {
	return text.match(/[^]{1,7}/gu) ?? [];
}
