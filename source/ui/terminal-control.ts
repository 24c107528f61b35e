import {sanitizeLine} from '../core/text.ts';
import type {TerminalControl} from './app-store.ts';
import {
	checkTerminalSize,
	ignoreKeySignals,
	onContinued,
	suspendProcessGroup,
} from './job-control.ts';

/** Releases the terminal while `work` runs; Ink's `suspendTerminal`. */
export type SuspendTerminal = (work: () => Promise<void>) => Promise<void>;

export type Notification = 'bell' | 'osc9' | 'off';

/** Turns focus reports of xterm-compatible terminals on and off (mode 1004). */
const focusReports = {on: '\u001B[?1004h', off: '\u001B[?1004l'};

const eraseAll = '\u001B[2J\u001B[H';

const bell = '\u0007';

/** Longest text to copy, in characters: terminals drop longer ones. */
const clipboardLimit = 70_000;

export type Terminal = TerminalControl & {
	/** Called by a component with Ink's way to release the terminal. */
	setSuspend(suspendTerminal: SuspendTerminal): void;
	/** Watches all input for focus reports. */
	onInput(input: string): void;
	open(): void;
	close(): void;
};

/** Controls the terminal apart from drawing. */
export function createTerminal(
	output: {write(text: string): unknown},
	{
		notification,
		onIdle,
		onReturn,
		redraw,
	}: {
		readonly notification: Notification;
		readonly onIdle: () => boolean;
		/** The window has regained the focus. */
		readonly onReturn: () => void;
		/** Redraws everything. */
		readonly redraw: () => void;
	},
): Terminal {
	let suspendTerminal: SuspendTerminal | undefined;
	/** `undefined`: no focus report from this terminal so far. */
	let focused: boolean | undefined;
	let isReleased = false;
	let isClosed = false;
	let stopContinuing: (() => void) | undefined;

	const runExternal = async <Value>(work: () => Promise<Value>): Promise<Value> => {
		if (!suspendTerminal) {
			return work();
		}

		if (isReleased) {
			throw new Error('Another program is using the terminal.');
		}

		let value: {readonly of: Value} | undefined;
		const restoreKeySignals = ignoreKeySignals();
		isReleased = true;
		try {
			await suspendTerminal(async () => {
				output.write(focusReports.off);
				value = {of: await work()};
			});
		} finally {
			isReleased = false;
			restoreKeySignals();
			if (!isClosed) {
				output.write(focusReports.on);
			}
		}

		if (!value) {
			throw new Error('the terminal was not released');
		}

		return value.of;
	};

	/** The shell may have changed the terminal meanwhile, unless it was released. */
	const onContinue = () => {
		checkTerminalSize();
		if (!isReleased) {
			runExternal(async () => undefined).catch(() => undefined);
		}
	};

	return {
		runExternal: runExternal,
		suspend: async () => runExternal(suspendProcessGroup),
		redraw() {
			// After a release everything is redrawn anyway.
			if (!isReleased) {
				output.write(eraseAll);
				redraw();
			}
		},
		copy(text) {
			const cut = text.slice(-clipboardLimit);
			output.write(`\u001B]52;c;${Buffer.from(cut).toString('base64')}${bell}`);
		},
		notify(text) {
			if (notification === 'off' || focused === true || (focused === undefined && !onIdle())) {
				return;
			}

			output.write(notification === 'osc9' ? `\u001B]9;${sanitizeLine(text)}${bell}` : bell);
		},
		setSuspend(how) {
			suspendTerminal = how;
		},
		onInput(input) {
			const last = input.match(/\u001B\[[IO]/g)?.at(-1);
			if (last === undefined) {
				return;
			}

			const wasAway = focused === false || input.includes('\u001B[O');
			focused = last.endsWith('I');
			if (wasAway && focused) {
				onReturn();
			}
		},
		open() {
			stopContinuing = onContinued(onContinue);
			output.write(focusReports.on);
		},
		close() {
			isClosed = true;
			stopContinuing?.();
			output.write(focusReports.off);
		},
	};
}
