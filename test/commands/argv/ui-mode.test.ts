import {describe, expect, test} from 'vitest';
import type {TeamConfig} from '../../../source/config/team-config.ts';
import {uiModeOf} from '../../../source/commands/argv/ui-mode.ts';

const terminal = {interactive: true, environment: {TERM: 'xterm-256color'}};
const pipe = {interactive: false, environment: {}};

function teamWith(uiMode: TeamConfig['uiMode']): TeamConfig {
	return {name: 'crew', createdAt: 0, leadProvider: {type: 'demo'}, teammates: 3, uiMode};
}

describe('how a run is shown', () => {
	test.each([
		['full-screen on a terminal', {}, terminal, undefined, 'tui'],
		['in lines in a pipe', {}, pipe, undefined, 'inline'],
		[
			'in lines on a dumb terminal',
			{},
			{...terminal, environment: {TERM: 'dumb'}},
			undefined,
			'inline',
		],
		[
			'in lines for a screen reader',
			{},
			{...terminal, environment: {INK_SCREEN_READER: 'true'}},
			undefined,
			'inline',
		],
		['as the team has it', {}, terminal, teamWith('bar'), 'bar'],
		['as JSON for a team of scripts, in a pipe too', {}, pipe, teamWith('json'), 'json'],
		['in lines in a pipe whatever the team has', {}, pipe, teamWith('tmux'), 'inline'],
		[
			'as it is asked for, before what the team has',
			{ui: 'inline'},
			terminal,
			teamWith('bar'),
			'inline',
		],
		['as JSON when that is asked for', {json: true}, terminal, teamWith('bar'), 'json'],
		['as a bar in a pipe when that is asked for', {ui: 'bar'}, pipe, undefined, 'bar'],
	] as const)('%s', (_, flags, io, team, mode) => {
		expect(uiModeOf(flags, io, team)).toBe(mode);
	});

	test.each([
		[
			'a full screen needs an interactive terminal',
			{ui: 'tui'},
			pipe,
			'needs an interactive terminal',
		],
		['so do split panes', {ui: 'tmux'}, pipe, 'needs an interactive terminal'],
		['JSON is no view for people', {ui: 'bar', json: true}, terminal, 'cannot be combined'],
		[
			'there is no other view',
			{ui: 'web'},
			terminal,
			'must be one of: tui, inline, bar, tmux, iterm2',
		],
	] as const)('%s', (_, flags, io, problem) => {
		expect(() => uiModeOf(flags, io)).toThrow(problem);
	});
});
