import path from 'node:path';
import {BaseSequencer, type TestSpecification} from 'vitest/node';

/** The order of the projects: what is slow first, so that no worker is alone with it at the end. */
const projects = ['slow', 'alone', 'shared'];

/** Files that take longest, slowest first, for a checkout in which no test has run yet. */
const knownAsSlow: readonly string[] = [
	'e2e/crash',
	'e2e/full-screen',
	'e2e/full-screen-sizes',
	'e2e/full-screen-decisions',
	'e2e/tmux',
	'e2e/tmux-panes',
	'e2e/bad-luck',
	'e2e/recovery',
	'e2e/decisions',
	'e2e/money',
	'e2e/bad-input',
	'e2e/small-models',
	'benchmark/noisy-model',
	'e2e/killed',
];

/** Starts the tests that took longest the last time first. */
export class SlowestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const weights = new Map(files.map(file => [file, this.weightOf(file)]));
		return files.toSorted(
			(a, b) =>
				projects.indexOf(a.project.name) - projects.indexOf(b.project.name) ||
				(weights.get(b) ?? 0) - (weights.get(a) ?? 0),
		);
	}

	/** The last duration in ms, or a guess. */
	private weightOf(file: TestSpecification): number {
		const name = path.relative('test', file.moduleId).replace(/\.test\.tsx?$/, '');
		const place = knownAsSlow.indexOf(name);
		const guess = place === -1 ? 0 : (knownAsSlow.length - place) * 1_000;
		return this.ctx.cache.getTestSpecificationResult(file)?.duration ?? guess;
	}
}
