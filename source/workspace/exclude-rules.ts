import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {findDependencies} from './dependencies.ts';
import {createGit, gitConfigHome} from './git.ts';
import type {SourceDirectory, SourceRepository} from './source-directory.ts';

/**
 * The ignore rules that apply in addition to the directory's `.gitignore` files, as the text of an
 * `info/exclude`: our defaults first, then the person's, which take precedence. A `.gitignore`
 * overrides both.
 */
export async function excludeRules(
	source: SourceDirectory,
	workDirectory: string,
): Promise<string> {
	const {root, repository} = source;
	const rules = [...alwaysExcluded];
	if (repository === undefined) {
		rules.push('venv/', ...((await buildsIntoTarget(root)) ? ['/target/'] : []));
	}

	rules.push(...(await globalRules(source)));
	if (repository !== undefined) {
		rules.push(...(await repositoryRules(repository)));
	}

	rules.push(...(await untrackedDependencies(source)));
	const inside = path.relative(root, workDirectory);
	if (inside !== '' && !inside.startsWith('..') && !path.isAbsolute(inside)) {
		rules.push(`/${escapeRule(inside)}/`);
	}

	return rules.map(rule => `${rule}\n`).join('');
}

/**
 * Rewrites a rule of a parent directory for `prefix` below it; `undefined` if it does not apply
 * there.
 */
function moveRule(rule: string, prefix: string): string | undefined {
	if (/^\s*(#|$)/.test(rule)) {
		return undefined;
	}

	const negated = rule.startsWith('!');
	const body = negated ? rule.slice(1) : rule;
	const anchored = body.replace(/\/\s*$/, '').includes('/');
	if (prefix === '' || !anchored || body.startsWith('**/')) {
		return rule;
	}

	const segments = body.replace(/^\//, '').split('/');
	for (const name of prefix.split('/')) {
		const segment = segments.shift();
		if (segment !== name && segment !== '*') {
			return undefined;
		}
	}

	const rest = segments.join('/');
	return rest === '' || rest.trim() === '**' ? undefined : `${negated ? '!' : ''}/${rest}`;
}

/** Hardly ever meant to be part of the work, even if no rule excludes it. */
const alwaysExcluded = [
	'node_modules/',
	'.venv/',
	'__pycache__/',
	'.DS_Store',
	'.llm-orchestrator/',
	'.llm-orchestrator-*.tmp',
];

/**
 * Excluded by name, so that they stay out even if an attempt removes the rule that ignores them.
 */
async function untrackedDependencies({
	root,
	repository,
}: SourceDirectory): Promise<readonly string[]> {
	const rules: string[] = [];
	for (const name of await findDependencies(root)) {
		const tracked = await repository?.git.records(['ls-files', '-z', '--', name], {
			directory: root,
		});
		if (tracked === undefined || tracked.length === 0) {
			rules.push(`/${escapeRule(name)}/`);
		}
	}

	return rules;
}

async function buildsIntoTarget(root: string): Promise<boolean> {
	const found = await Promise.allSettled(
		['Cargo.toml', 'pom.xml'].map(name => stat(path.join(root, name))),
	);
	return found.some(({status}) => status === 'fulfilled');
}

/** The person's global ignore rules. */
async function globalRules({root, environment}: SourceDirectory): Promise<readonly string[]> {
	const git = createGit({at: {directory: root}, environment, personal: true});
	const {stdout} = await git.run(['config', '--path', '--get', 'core.excludesFile'], {
		accept: [1, 128],
	});
	const configured = stdout.toString().replace(/\n$/, '');
	const byDefault = path.join(gitConfigHome(environment), 'git/ignore');
	return linesOf(configured === '' ? byDefault : configured);
}

async function repositoryRules(repository: SourceRepository): Promise<readonly string[]> {
	const {root, prefix, exclude} = repository;
	const names = prefix === '' ? [] : prefix.split('/');
	const rules = (await linesOf(exclude)).map(rule => moveRule(rule, prefix));
	for (const [depth] of names.entries()) {
		const file = path.join(root, ...names.slice(0, depth), '.gitignore');
		const below = names.slice(depth).join('/');
		rules.push(...(await linesOf(file)).map(rule => moveRule(rule, below)));
	}

	return rules.filter(rule => rule !== undefined);
}

async function linesOf(file: string): Promise<readonly string[]> {
	const text = await readFile(file, 'utf8').catch(() => '');
	return text.split(/\r?\n/);
}

function escapeRule(name: string): string {
	return name.replace(/[\\*?[\]!# ]/g, '\\$&');
}
