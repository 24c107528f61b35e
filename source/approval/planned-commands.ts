import type {Plan} from '../core/plan.ts';

export type PlannedCommand = {readonly where: string; readonly command: string};

/** Every command that the harness runs for a plan, and its origin. */
export function commandsOf(plan: Plan): readonly PlannedCommand[] {
	return [
		...plan.subtasks.flatMap(({id, checks}) =>
			checks.map(({command}) => ({where: `check of ${id}`, command})),
		),
		...plan.checks.map(({command}) => ({where: 'final check', command})),
	];
}

/** Shell built-ins and keywords, which need no program. */
const builtins = new Set(
	'. : [ alias bg break case cd command continue do done echo elif else esac eval exec exit export false fg fi for getopts hash if in jobs kill local printf pwd read readonly return set shift test then time times trap true type ulimit umask unset until wait while { } ( ) !'.split(
		' ',
	),
);

/** Quoted text and escaped characters. */
const quoted = /'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]/g;

/**
 * The programs at the start of each part of a command line, by simple parsing: quoted or expanded
 * words and shell built-ins are skipped. For hints, not for safety.
 */
export function programsOf(command: string): readonly string[] {
	const programs = command
		.replaceAll(quoted, '""')
		.split(/&&|\|\||[;|\n]/)
		.map(part => part.trim().split(/\s+/))
		.map(words => words.find(word => !/^[A-Za-z_]\w*=/.test(word)) ?? '')
		.filter(word => /^[\w./@+-]+$/.test(word) && !builtins.has(word));
	return [...new Set(programs)];
}
