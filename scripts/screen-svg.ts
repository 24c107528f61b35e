import type {Terminal} from '@xterm/headless';

/** Colors of an image: text, background, and the sixteen palette colors. */
export type Palette = {
	readonly text: string;
	readonly background: string;
	readonly colors: readonly string[];
};

export const dark: Palette = {
	text: '#d8dee9',
	background: '#14181f',
	colors: [
		'#3b4252',
		'#e06c75',
		'#98c379',
		'#e5c07b',
		'#61afef',
		'#c678dd',
		'#56b6c2',
		'#d8dee9',
		'#5c6370',
		'#e06c75',
		'#98c379',
		'#e5c07b',
		'#61afef',
		'#c678dd',
		'#56b6c2',
		'#ffffff',
	],
};

export const light: Palette = {
	text: '#24292f',
	background: '#ffffff',
	colors: [
		'#24292f',
		'#cf222e',
		'#116329',
		'#9a6700',
		'#0550ae',
		'#8250df',
		'#1b7c83',
		'#6e7781',
		'#57606a',
		'#a40e26',
		'#1a7f37',
		'#bf8700',
		'#218bff',
		'#a475f9',
		'#3192aa',
		'#8c959f',
	],
};

const cell = {width: 8.4, height: 18, size: 14, margin: 12};

const fonts = "'DejaVu Sans Mono', 'SF Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace";

/** The content of a terminal as an SVG image. */
export function svgOf(screen: Terminal, palette: Palette = dark): string {
	const {width, height} = sizeOf(screen);
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fonts}" font-size="${cell.size}">
<rect width="100%" height="100%" rx="8" fill="${palette.background}"/>
${bodyOf(screen, palette)}
</svg>
`;
}

/** Several screens in a loop, each shown for some seconds. */
export function animationOf(
	frames: readonly {readonly body: string; readonly seconds: number}[],
	size: {readonly width: number; readonly height: number},
	palette: Palette = dark,
): string {
	const total = frames.reduce((sum, {seconds}) => sum + seconds, 0);
	let at = 0;
	const parts = frames.map(({body, seconds}, index) => {
		const [from, to] = [(100 * at) / total, (100 * (at + seconds)) / total];
		at += seconds;
		const name = `f${index}`;
		const before = index === 0 ? '' : `0%,${from.toFixed(3)}%{visibility:hidden}`;
		const after = index === frames.length - 1 ? '' : `${to.toFixed(3)}%,100%{visibility:hidden}`;
		const on = `${(from + 0.001).toFixed(3)}%,${(to - 0.001).toFixed(3)}%{visibility:visible}`;
		return {
			style: `@keyframes ${name}{${before}${on}${after}}.${name}{visibility:hidden;animation:${name} ${total}s steps(1) infinite}`,
			group: `<g class="${name}">${body}</g>`,
		};
	});
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="${fonts}" font-size="${cell.size}">
<style>${parts.map(({style}) => style).join('')}</style>
<rect width="100%" height="100%" rx="8" fill="${palette.background}"/>
${parts.map(({group}) => group).join('\n')}
</svg>
`;
}

export function sizeOf(screen: Terminal): {readonly width: number; readonly height: number} {
	return {
		width: Math.ceil(screen.cols * cell.width + 2 * cell.margin),
		height: screen.rows * cell.height + 2 * cell.margin,
	};
}

type Style = {
	readonly text: string;
	readonly background: string | undefined;
	readonly bold: boolean;
	readonly dim: boolean;
};

/** The text of all rows, in pieces of equal style. */
export function bodyOf(screen: Terminal, palette: Palette): string {
	const {active} = screen.buffer;
	const rows = Array.from({length: screen.rows}, (_, row) =>
		rowOf(active.getLine(active.viewportY + row), row, palette),
	);
	return rows.filter(row => row !== '').join('\n');
}

type Line = NonNullable<ReturnType<Terminal['buffer']['active']['getLine']>>;

function rowOf(line: Line | undefined, row: number, palette: Palette): string {
	const pieces: {column: number; columns: number; text: string; style: Style}[] = [];
	for (let column = 0; line && column < line.length; column++) {
		const at = line.getCell(column);
		if (!at || at.getWidth() === 0) {
			continue;
		}

		const style = styleOf(at, palette);
		const last = pieces.at(-1);
		const characters = at.getChars() || ' ';
		if (last && JSON.stringify(last.style) === JSON.stringify(style) && at.getWidth() === 1) {
			last.text += characters;
			last.columns += 1;
		} else {
			pieces.push({column, columns: at.getWidth(), text: characters, style});
		}
	}

	return pieces.map(piece => pieceOf(piece, row)).join('');
}

function pieceOf(
	{column, columns, text, style}: {column: number; columns: number; text: string; style: Style},
	row: number,
): string {
	const x = (cell.margin + column * cell.width).toFixed(1);
	const y = cell.margin + row * cell.height;
	const width = (columns * cell.width).toFixed(1);
	const background =
		style.background === undefined
			? ''
			: `<rect x="${x}" y="${y}" width="${width}" height="${cell.height}" fill="${style.background}"/>`;
	if (text.trim() === '') {
		return background;
	}

	const attributes = `${style.bold ? ' font-weight="bold"' : ''}${style.dim ? ' opacity="0.6"' : ''}`;
	return `${background}<text x="${x}" y="${y + cell.height - 4.5}" fill="${style.text}"${attributes} textLength="${width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escape(text)}</text>`;
}

type Cell = NonNullable<ReturnType<Line['getCell']>>;

function styleOf(at: Cell, {text, background, colors}: Palette): Style {
	const front = at.isFgPalette() ? (colors[at.getFgColor()] ?? text) : text;
	const back = at.isBgPalette() ? colors[at.getBgColor()] : undefined;
	const inverse = at.isInverse() !== 0;
	return {
		text: inverse ? (back ?? background) : front,
		background: inverse ? front : back,
		bold: at.isBold() !== 0,
		dim: at.isDim() !== 0,
	};
}

function escape(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
