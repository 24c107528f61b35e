import {sanitizeLine} from '../core/text.ts';
import type {TerminalControl} from './app-store.ts';
import {ignoreKeySignals, stopGroup} from './job-control.ts';

/** How the terminal is given away and taken back; Ink's `suspendTerminal`. */
export type Lend = (work: () => Promise<void>) => Promise<void>;

export type Notification = 'bell' | 'osc9' | 'off';

/** Tells xterm and its kin to say when the window gets and loses the focus (mode 1004). */
const focusReports = {on: '\u001B[?1004h', off: '\u001B[?1004l'};

const eraseAll = '\u001B[2J\u001B[H';

const bell = '\u0007';

/** Longest text that is put into the clipboard, in characters: terminals drop what is longer. */
const clipboardLimit = 70_000;

export type Terminal = TerminalControl & {
	/** Called when a component knows how to give the terminal away. */
	ready(lend: Lend): void;
	/** Takes what the terminal says of itself, among all that comes from it. */
	hear(input: string): void;
	open(): void;
	close(): void;
};

/** What is asked of the terminal beside drawing. */
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
		/** The window has the focus again. */
		readonly onReturn: () => void;
		/** Forgets what was drawn, and draws all of it. */
		readonly redraw: () => void;
	},
): Terminal {
	let lend: Lend | undefined;
	/** `undefined`: this terminal has not said so yet, or never does. */
	let focused: boolean | undefined;
	let isLent = false;
	let isClosed = false;

	const lendFor = async <Value>(work: () => Promise<Value>): Promise<Value> => {
		if (!lend) {
			return work();
		}

		if (isLent) {
			throw new Error('Another program has the terminal.');
		}

		let value: {readonly of: Value} | undefined;
		const hearKeySignals = ignoreKeySignals();
		isLent = true;
		try {
			await lend(async () => {
				output.write(focusReports.off);
				value = {of: await work()};
			});
		} finally {
			isLent = false;
			hearKeySignals();
			if (!isClosed) {
				output.write(focusReports.on);
			}
		}

		if (!value) {
			throw new Error('the terminal was not given away');
		}

		return value.of;
	};

	/**
	 * Who was stopped has heard nothing of a new size meanwhile, and finds the terminal as the shell has left
	 * it, unless it was given away before.
	 */
	const goOn = () => {
		process.kill(process.pid, 'SIGWINCH');
		if (!isLent) {
			lendFor(async () => undefined).catch(() => undefined);
		}
	};

	return {
		lend: lendFor,
		suspend: async () => lendFor(stopGroup),
		redraw() {
			// What was lent is drawn whole when it comes back.
			if (!isLent) {
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
		ready(how) {
			lend = how;
		},
		hear(input) {
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
			process.on('SIGCONT', goOn);
			output.write(focusReports.on);
		},
		close() {
			isClosed = true;
			process.off('SIGCONT', goOn);
			output.write(focusReports.off);
		},
	};
}
