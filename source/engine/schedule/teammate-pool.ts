import type {AgentProfile} from '../../core/settings.ts';

/** Free teammates, in the order of the team. */
export type TeammatePool = {
	/** Takes a free teammate. Throws if all are busy, which the scheduler's limit prevents. */
	take(): AgentProfile;
	/** Takes the named teammate, for an attempt that it started in an earlier process. */
	resume(name: string | undefined): AgentProfile;
	give(profile: AgentProfile): void;
};

export function createTeammatePool(teammates: readonly AgentProfile[]): TeammatePool {
	const free = new Set(teammates);
	const take = () => {
		const [profile] = free;
		if (!profile) {
			throw new Error('all teammates are busy');
		}

		free.delete(profile);
		return profile;
	};

	return {
		take,
		resume(name) {
			const profile = teammates.find(teammate => teammate.name === name);
			if (!profile) {
				return take();
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
