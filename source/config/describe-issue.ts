import {z} from 'zod';
import {didYouMean} from '../core/nearest-name.ts';

type Issue = z.core.$ZodIssue;

/** The first thing that is wrong with a value: ` at "place": what was expected`. */
export function describeIssue(error: z.ZodError, value: unknown): string {
	const [first] = error.issues;
	if (first === undefined) {
		return '';
	}

	const issue = mostSpecific(first);
	const place = z.core.toDotPath(issue.path);
	const given = at(value, issue.path);
	const near =
		issue.code === 'invalid_value' && typeof given === 'string'
			? didYouMean(given, issue.values.map(String))
			: '';
	return `${place === '' ? '' : ` at "${place}"`}: ${issue.message}${near}`;
}

/**
 * The issue that says most. Zod wraps what is wrong with the name of an entry, and what is wrong with each
 * alternative of a union: the one that got furthest into the value was most likely meant.
 */
function mostSpecific(issue: Issue): Issue {
	if (issue.code === 'invalid_key') {
		const [cause] = issue.issues;
		return cause ? {...cause, path: issue.path} : issue;
	}

	if (issue.code !== 'invalid_union') {
		return issue;
	}

	const [deepest] = issue.errors
		.flatMap(([first]) => (first ? [mostSpecific(first)] : []))
		.toSorted((a, b) => b.path.length - a.path.length);
	return deepest === undefined || deepest.path.length === 0
		? issue
		: {...deepest, path: [...issue.path, ...deepest.path]};
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
	return path.reduce<unknown>(
		(inner, key) =>
			typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
		value,
	);
}
