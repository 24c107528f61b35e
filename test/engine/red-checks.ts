import type {Failure} from '../../source/core/failure.ts';

/** Why an attempt failed whose checks did not pass. */
export const red: Failure = {kind: 'check-failed', message: 'its checks are red'};
