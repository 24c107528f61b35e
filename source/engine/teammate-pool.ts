import type {AgentProfile} from '../core/settings.ts';

/** The teammates that are free, in the order of the team. */
export type TeammatePool = {
	/** A free teammate, the wanted one if it is free. Throws when all are busy: the scheduler's limit forbids it. */
	take(wanted?: string): AgentProfile;
	give(profile: AgentProfile): void;
};

export function createTeammatePool(teammates: readonly AgentProfile[]): TeammatePool {
	const free = new Set(teammates);
	return {
		take(wanted) {
			const profile = [...free].find(({name}) => name === wanted) ?? [...free][0];
			if (!profile) {
				throw new Error('all teammates are busy');
			}

			free.delete(profile);
			return profile;
		},
		give(profile) {
			free.delete(profile);
			free.add(profile);
		},
	};
}
