import {type Figure, isMet, type MeasuredFigure, ratioOf} from './case.ts';
import type {Spread} from './spread.ts';

/** A case as text: its title, then one line per figure. */
export function formatCase(title: string, figures: readonly Figure[]): string {
	return `${title}\n${figures.map(figure => `  ${formatFigure(figure)}\n`).join('')}`;
}

function formatFigure(figure: Figure): string {
	const met = isMet(figure);
	const mark = met === undefined ? '·' : met ? '✓' : '✗';
	return figure.kind === 'checked'
		? `${mark} ${figure.name}: ${figure.detail}`
		: `${mark} ${figure.name.padEnd(42)} ${formatMeasured(figure)}`;
}

function formatMeasured(figure: MeasuredFigure): string {
	const {measured, unit, floor, target} = figure;
	const ratio = ratioOf(figure);
	return [
		`${formatSpread(measured)} ${unit}`,
		...(floor && ratio !== undefined
			? [`${ratio.toFixed(2)} × ${floor.name} (${formatSpread(floor.measured)})`]
			: []),
		...(target ? [`target ≤ ${target.atMost}${target.of === 'ratio' ? ' ×' : ` ${unit}`}`] : []),
	].join(', ');
}

/** `min … median … max`; a single value if they are equal. */
function formatSpread({min, median, max, count}: Spread): string {
	return count === 1
		? formatNumber(median)
		: `${formatNumber(min)} … ${formatNumber(median)} … ${formatNumber(max)}`;
}

function formatNumber(value: number): string {
	return value.toLocaleString('en', {maximumSignificantDigits: 3});
}
