import type {TeamConfig} from '../../config/team-config.ts';
import {UsageError} from '../../core/usage-error.ts';
import type {FlagValues} from './command.ts';
import {choiceFlag, flagName, switchFlag} from './flags.ts';
import type {Io} from '../process/io.ts';

export const shownModes = ['tui', 'inline', 'bar', 'tmux', 'iterm2'] as const;

export type UiMode = (typeof shownModes)[number] | 'json';

/** The requested mode, or the team's, or the best one for this terminal. */
export function uiModeOf(
	flags: FlagValues,
	io: Pick<Io, 'interactive' | 'environment'>,
	team?: TeamConfig,
): UiMode {
	const mode = chosenMode(flags, io, team);
	if (mode !== 'json') {
		requireJson(flags);
	}

	return mode;
}

/** Options of `--json` would have no effect without it. */
export function requireJson(flags: FlagValues): void {
	const idle = ['includeDeltas', 'full'].find(name => switchFlag(flags, name));
	if (idle !== undefined) {
		throw new UsageError(`${flagName(idle)} has no effect without --json`, 'add --json');
	}
}

function chosenMode(
	flags: FlagValues,
	io: Pick<Io, 'interactive' | 'environment'>,
	team: TeamConfig | undefined,
): UiMode {
	const wanted = choiceFlag(flags, 'ui', shownModes);
	if (switchFlag(flags, 'json')) {
		if (wanted !== undefined) {
			throw new UsageError(`--json and --ui ${wanted} cannot be combined`, 'omit one of them');
		}

		return 'json';
	}

	if (wanted !== undefined && isFullScreen(wanted) && !io.interactive) {
		throw new UsageError(
			`--ui ${wanted} needs an interactive terminal`,
			'use --ui inline for people, --json for programs',
		);
	}

	if (wanted !== undefined) {
		return wanted;
	}

	return team?.uiMode === 'json' ? 'json' : canDraw(io) ? (team?.uiMode ?? 'tui') : 'inline';
}

/** Whether the full-screen view is the default here. */
function canDraw({interactive, environment}: Pick<Io, 'interactive' | 'environment'>): boolean {
	const isPlain = environment['TERM'] === 'dumb' || environment['INK_SCREEN_READER'] === 'true';
	return interactive && !isPlain;
}

/** Whether it takes the whole terminal. */
export function isFullScreen(mode: UiMode): mode is 'tui' | 'tmux' | 'iterm2' {
	return mode === 'tui' || mode === 'tmux' || mode === 'iterm2';
}
