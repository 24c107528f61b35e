import type {Task, Work} from './graph.ts';

/**
 * The minimum cost of a scheduler: counts the open dependencies of each task and starts tasks that
 * have none, first come, first served. No log, state, conditions or priorities.
 */
export async function runHandLoop(
	tasks: readonly Task[],
	limit: number,
	work: Work,
): Promise<void> {
	const open = new Map<string, number>();
	const dependants = new Map<string, string[]>();
	for (const {id, dependsOn} of tasks) {
		open.set(id, dependsOn.length);
		for (const needed of dependsOn) {
			const list = dependants.get(needed) ?? [];
			list.push(id);
			dependants.set(needed, list);
		}
	}

	const {promise, resolve, reject} = Promise.withResolvers<void>();
	const ready = tasks.filter(({dependsOn}) => dependsOn.length === 0).map(({id}) => id);
	let started = 0;
	let finished = 0;

	const start = async (id: string) => {
		await work(id);
		finished += 1;
		for (const dependant of dependants.get(id) ?? []) {
			const left = (open.get(dependant) ?? 0) - 1;
			open.set(dependant, left);
			if (left === 0) {
				ready.push(dependant);
			}
		}

		if (finished === tasks.length) {
			resolve();
		} else {
			pump();
		}
	};

	const pump = () => {
		while (started - finished < limit && started < ready.length) {
			const id = ready[started] ?? '';
			started += 1;
			start(id).catch(reject);
		}
	};

	pump();
	return promise;
}
