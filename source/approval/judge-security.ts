import type {Verdict} from '../core/approval.ts';
import type {Plan} from '../core/plan.ts';
import {createRedactor} from '../core/redact.ts';
import {commandsOf} from './planned-commands.ts';
import {verdictOf} from './verdict.ts';

/*
 * Hints on what a person should look at twice, not a boundary: lists of forbidden commands can
 * always be circumvented. Confining commands is the sandbox's job.
 */
const destructive: readonly (readonly [RegExp, string])[] = [
	[/\brm\s+(?:-\w+\s+)*(?:\/|~|\$HOME|\.\.)/, 'removes files outside the workspace'],
	[/\b(?:sudo|doas|su)\b/, 'escalates privileges'],
	[/\b(?:mkfs(?:\.\w+)?|fdisk|shutdown|reboot)\b|\bdd\s[^\n]*\bof=\/dev\//, 'writes to devices'],
	[/\bgit\s+push\b|\b(?:npm|yarn|pnpm|cargo)\s+publish\b/, 'publishes'],
	[/\b(?:curl|wget)\b[^\n|]*\|\s*(?:ba|z|da)?sh\b/, 'runs downloaded code'],
	[/>\s*(?:\/(?!dev\/null\b)|~)/, 'writes outside the workspace'],
];

const networked =
	/\b(?:curl|wget|ssh|scp|rsync|nc|ncat|telnet|ftp)\b|\b(?:npm|yarn|pnpm)\s+(?:i|install|add|ci)\b|\bpip3?\s+install\b|\bgit\s+(?:clone|fetch|pull)\b/;

const redact = createRedactor([]);

/**
 * `security`: secrets in the plan, destructive or networked commands, paths outside the workspace.
 */
export function judgeSecurity(plan: Plan): Verdict {
	const commands = commandsOf(plan);
	const failures = [
		...commands.flatMap(({where, command}) =>
			destructive
				.filter(([pattern]) => pattern.test(command))
				.map(([, reason]) => `${where}: \`${redact(command)}\` ${reason}`),
		),
		...plan.subtasks.flatMap(({id, writes}) =>
			writes
				.filter(leadsOutside)
				.map(path => `${id} intends to write outside the workspace: "${path}"`),
		),
		...plan.subtasks.flatMap(({id, title, instructions}) => [
			...(containsSecret(title) ? [`the title of ${id} contains what looks like a secret`] : []),
			...(containsSecret(instructions)
				? [`the instructions of ${id} contain what looks like a secret`]
				: []),
		]),
		...commands
			.filter(({command}) => containsSecret(command))
			.map(({where}) => `${where} contains what looks like a secret`),
	];
	const warnings = commands
		.filter(({command}) => networked.test(command))
		.map(({where, command}) => `${where}: \`${redact(command)}\` uses the network`);
	return verdictOf('security', {
		failures,
		warnings,
		passed: 'no destructive or networked commands, no paths outside the workspace, no secrets',
	});
}

function containsSecret(text: string): boolean {
	return redact(text) !== text;
}

function leadsOutside(path: string): boolean {
	return /^(?:\/|~|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes('..');
}
