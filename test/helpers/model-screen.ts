import xterm from '@xterm/headless';

/** What a terminal would show. */
export type ModelScreen = {
	/** Resolves when it can be seen. */
	write(bytes: string): Promise<void>;
	resize(columns: number, rows: number): void;
	/** The lines that are on the screen now, without trailing blanks. */
	screen(): readonly string[];
	/** The same as one text. */
	text(): string;
	/** Cells of a line: what stands in a column, '' for the second half of a wide character. */
	cells(row: number): readonly string[];
	isAlternate(): boolean;
	/** What a program has switched on and must switch off. */
	modes(): readonly string[];
};

/** A terminal of the plain kind (as xterm): each character has a width of its own, whatever stands before it. */
export function modelScreen({
	columns,
	rows,
}: {
	readonly columns: number;
	readonly rows: number;
}): ModelScreen {
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	terminal.unicode.register(plainWidths);
	terminal.unicode.activeVersion = plainWidths.version;
	const lines = () =>
		Array.from({length: terminal.rows}, (_, row) => {
			const {active} = terminal.buffer;
			return active.getLine(active.baseY + row)?.translateToString(true) ?? '';
		});
	let written = '';
	return {
		async write(bytes) {
			written += bytes;
			const {promise, resolve} = Promise.withResolvers<void>();
			terminal.write(bytes, resolve);
			await promise;
		},
		resize(newColumns, newRows) {
			terminal.resize(newColumns, newRows);
		},
		screen: lines,
		text: () => lines().join('\n'),
		cells(row) {
			const {active} = terminal.buffer;
			const line = active.getLine(active.baseY + row);
			return Array.from({length: terminal.cols}, (_, column) => {
				const cell = line?.getCell(column);
				return cell?.getWidth() === 0 ? '' : cell?.getChars() || ' ';
			});
		},
		isAlternate: () => terminal.buffer.active.type === 'alternate',
		modes: () => [
			...(terminal.modes.bracketedPasteMode ? ['bracketed paste'] : []),
			...(terminal.modes.sendFocusMode ? ['focus reports'] : []),
			...(written.lastIndexOf('\u001B[?25l') > written.lastIndexOf('\u001B[?25h')
				? ['hidden cursor']
				: []),
		],
	};
}

const wide =
	/[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uFF01-\uFF60]/u;
/** Letters of flags: two of them are as wide as one emoji. */
const half = /\p{Regional_Indicator}/u;
const joined = /[\p{Mn}\p{Me}\p{Cf}]/u;

function widthOf(codePoint: number): 0 | 1 | 2 {
	const character = String.fromCodePoint(codePoint);
	return joined.test(character) ? 0 : wide.test(character) && !half.test(character) ? 2 : 1;
}

/** The widths of `wcwidth` with the emoji of today; bits as in xterm.js, `src/common/services/UnicodeService.ts`. */
const plainWidths = {
	version: 'plain',
	wcwidth: widthOf,
	charProperties(codePoint: number, preceding: number): number {
		const own = widthOf(codePoint);
		const before = (preceding >> 1) & 3;
		const joins = own === 0 && before > 0;
		return ((joins ? before : own) << 1) | (joins ? 1 : 0);
	},
};
