import type {ApprovalState} from '../../core/run-state.ts';

/** The keys of a request that make no sense for its kind. */
export function keysWithout({subject}: ApprovalState): readonly string[] {
	return subject.kind === 'plan' ? ['always'] : ['edit'];
}
