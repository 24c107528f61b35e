import type {Verdict} from '../core/approval.ts';
import type {Plan} from '../core/plan.ts';
import {createRedactor} from '../core/redact.ts';
import {commandsOf} from './commands.ts';
import {verdictOf} from './verdict.ts';

/*
 * Advice on what a person would want to look at twice; no boundary. Lists of forbidden commands can
 * always be got round, so what confines commands is the sandbox.
 */
const destructive: readonly (readonly [RegExp, string])[] = [
	[/\brm\s+(?:-\w+\s+)*(?:\/|~|\$HOME|\.\.)/, 'removes files outside of the workspace'],
	[/\b(?:sudo|doas|su)\b/, 'asks for more rights'],
	[/\b(?:mkfs(?:\.\w+)?|fdisk|shutdown|reboot)\b|\bdd\s[^\n]*\bof=\/dev\//, 'writes to devices'],
	[/\bgit\s+push\b|\b(?:npm|yarn|pnpm|cargo)\s+publish\b/, 'publishes'],
	[/\b(?:curl|wget)\b[^\n|]*\|\s*(?:ba|z|da)?sh\b/, 'runs what it downloads'],
	[/>\s*(?:\/(?!dev\/null\b)|~)/, 'writes outside of the workspace'],
];

const networked =
	/\b(?:curl|wget|ssh|scp|rsync|nc|ncat|telnet|ftp)\b|\b(?:npm|yarn|pnpm)\s+(?:i|install|add|ci)\b|\bpip3?\s+install\b|\bgit\s+(?:clone|fetch|pull)\b/;

const redact = createRedactor([]);

/** `security`: secrets in the plan, destructive or networked commands, paths outside. */
export function judgeSecurity(plan: Plan): Verdict {
	const commands = commandsOf(plan);
	const failures = [
		...commands.flatMap(({where, command}) =>
			destructive
				.filter(([pattern]) => pattern.test(command))
				.map(([, reason]) => `${where}: \`${redact(command)}\` ${reason}`),
		),
		...plan.subtasks.flatMap(({id, writes}) =>
			writes.filter(leadsOutside).map(path => `${id} means to write outside: "${path}"`),
		),
		...plan.subtasks.flatMap(({id, title, instructions}) => [
			...(holdsSecret(title) ? [`the title of ${id} holds what looks like a secret`] : []),
			...(holdsSecret(instructions)
				? [`the instructions of ${id} hold what looks like a secret`]
				: []),
		]),
		...commands
			.filter(({command}) => holdsSecret(command))
			.map(({where}) => `${where} holds what looks like a secret`),
	];
	const warnings = commands
		.filter(({command}) => networked.test(command))
		.map(({where, command}) => `${where}: \`${redact(command)}\` uses the network`);
	return verdictOf('security', {
		failures,
		warnings,
		passed: 'no destructive or networked command, no path outside, no secret',
	});
}

function holdsSecret(text: string): boolean {
	return redact(text) !== text;
}

function leadsOutside(path: string): boolean {
	return /^(?:\/|~|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes('..');
}
