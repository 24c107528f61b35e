import {sanitizeLine, shorten} from '../../core/text.ts';
import {
	nameOf,
	type FoundModel,
	type FoundProvider,
} from '../../providers/discovery/found-provider.ts';
import type {Io} from '../process/io.ts';

/** Prints one line per provider; `withModels`: also one per model, except of services with a name. */
export function printProviders(
	found: readonly FoundProvider[],
	io: Pick<Io, 'print' | 'paint'>,
	{withModels = false} = {},
): void {
	for (const provider of found) {
		const {service, state, detail, details} = provider;
		const good = state === 'up' || state === 'key';
		const names = service === undefined ? details.map(({id}) => sanitizeLine(id)) : [];
		const list = withModels || names.length === 0 ? '' : ` · ${shorten(names.join(', '), 70)}`;
		const mark = io.paint(good ? 'good' : 'quiet', good ? '✓' : '–');
		io.print(`${mark} ${nameOf(provider).padEnd(13)} ${sanitizeLine(detail)}${list}`);
		for (const line of withModels && service === undefined ? modelLines(details) : []) {
			io.print(`${' '.repeat(16)}${line}`);
		}
	}
}

/** Most models listed per provider. */
const maxListedModels = 12;

/** `qwen3:8b        tools, 16384 tokens of context, loaded`, loaded ones first. */
function modelLines(details: readonly FoundModel[]): readonly string[] {
	const sorted = details.toSorted((a, b) => Number(b.loaded ?? 0) - Number(a.loaded ?? 0));
	const names = sorted.map(({id}) => shorten(sanitizeLine(id), 44));
	const shown = names.slice(0, maxListedModels);
	const width = Math.max(0, ...shown.map(name => name.length));
	const lines = shown.map((name, index) => {
		const model = sorted[index];
		return model === undefined ? name : `${name.padEnd(width)}  ${abilitiesOf(model)}`;
	});
	const more = names.length - shown.length;
	return more > 0 ? [...lines, `and ${more} more`] : lines;
}

function abilitiesOf({tools, contextTokens, loaded}: FoundModel): string {
	const toolWords = {native: 'tools', none: 'no tools', unknown: 'tools unknown'};
	return [
		toolWords[tools],
		...(contextTokens === null ? [] : [`${contextTokens} tokens of context`]),
		...(loaded === true ? ['loaded'] : []),
	].join(', ');
}
