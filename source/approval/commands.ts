import type {Plan} from '../core/plan.ts';

export type PlannedCommand = {readonly where: string; readonly command: string};

/** Every command that a plan wants the harness to run, and where it stands. */
export function commandsOf(plan: Plan): readonly PlannedCommand[] {
	return [
		...plan.subtasks.flatMap(({id, checks}) =>
			checks.map(({command}) => ({where: `check of ${id}`, command})),
		),
		...plan.checks.map(({command}) => ({where: 'check of the whole', command})),
	];
}

/** Words of the shell itself, for which no program is needed. */
const builtins = new Set(
	'. : [ alias bg break case cd command continue do done echo elif else esac eval exec exit export false fg fi for getopts hash if in jobs kill local printf pwd read readonly return set shift test then time times trap true type ulimit umask unset until wait while { } ( ) !'.split(
		' ',
	),
);

/** Text in quotes, and escaped characters. */
const quoted = /'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]/g;

/**
 * The programs at the beginning of the parts of a command line, as far as simple reading finds them:
 * what is quoted, expanded or a word of the shell is left out. For advice, not for safety.
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
