import type {ApprovalState} from '../../../core/run-state-entries.ts';

/** Keys that do not apply to this kind of request. */
export function unavailableKeys({subject}: ApprovalState): readonly string[] {
	return subject.kind === 'plan' ? ['always'] : ['edit'];
}
