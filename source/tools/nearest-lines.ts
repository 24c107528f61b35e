import {diceCoefficient} from 'dice-coefficient';

/** Describes to the model what the file has in place of a text that was not found. */
export function nearestLines(text: string, wanted: string): string {
	const lines = text.split('\n');
	const wantedLines = wanted.split('\n').filter(line => line.trim() !== '');
	const same = findIgnoringSpace(lines, wantedLines);
	if (same !== undefined) {
		const found = lines.slice(same.start, same.end).join('\n');
		return `It differs only in white space; the file has, from line ${same.start + 1}:\n${found}`;
	}

	const nearest = mostSimilar(lines, wantedLines[0] ?? '');
	if (nearest === undefined) {
		return 'Nothing in it is alike: read the file again.';
	}

	const start = Math.max(0, nearest - 2);
	const around = lines.slice(start, nearest + Math.min(wantedLines.length, 10) + 2).join('\n');
	return `The nearest lines, from line ${start + 1}, are:\n${around}`;
}

function findIgnoringSpace(
	lines: readonly string[],
	wanted: readonly string[],
): {readonly start: number; readonly end: number} | undefined {
	const filled = lines
		.map((line, index) => ({index, bare: withoutSpace(line)}))
		.filter(({bare}) => bare !== '');
	const bareWanted = wanted.map(withoutSpace);
	for (let at = 0; at + bareWanted.length <= filled.length && bareWanted.length > 0; at++) {
		if (bareWanted.every((bare, offset) => filled[at + offset]?.bare === bare)) {
			const start = filled[at]?.index ?? 0;
			return {start, end: (filled[at + bareWanted.length - 1]?.index ?? start) + 1};
		}
	}

	return undefined;
}

/** The line with the most letter pairs in common, if at least a third are. */
export function mostSimilar(lines: readonly string[], wanted: string): number | undefined {
	const wantedStart = startOf(wanted);
	let best: number | undefined;
	let bestScore = 1 / 3;
	for (const [index, line] of lines.entries()) {
		const score = diceCoefficient(startOf(line), wantedStart);
		if (score > bestScore) {
			best = index;
			bestScore = score;
		}
	}

	return best;
}

/** What is compared: the time grows with the square of its length. */
function startOf(line: string): string {
	return withoutSpace(line).slice(0, 500);
}

function withoutSpace(line: string): string {
	return line.replace(/\s/g, '');
}
