import type {EventOf, RunEvent} from './run-event.ts';
import type {RunState} from './run-state.ts';

/** Folds delivery and undo. False for any other event. */
export function foldDeliveryEvent(state: RunState, event: RunEvent): boolean {
	switch (event.type) {
		case 'delivery-started':
			state.delivery = {
				mode: event.mode,
				head: event.head,
				paths: event.paths,
				reason: event.reason,
				done: false,
				files: [],
				target: undefined,
				undone: false,
				kept: [],
			};
			break;
		case 'delivery-finished':
			if (state.delivery) {
				state.delivery = {
					...state.delivery,
					mode: event.mode,
					done: true,
					files: event.files,
					target: event.target,
				};
			}

			break;
		case 'undo-started':
			break;
		case 'undo-finished':
			recordUndo(state, event);
			break;
		default:
			return false;
	}

	return true;
}

/**
 * Appends the undo to the report's reason, and drops the offer to undo if everything was restored.
 */
function recordUndo(state: RunState, {kept}: EventOf<'undo-finished'>): void {
	const {delivery, report} = state;
	if (!delivery) {
		return;
	}

	const undone = kept.length === 0;
	state.delivery = {...delivery, undone, kept};
	if (report) {
		const {next, reason, ...rest} = report;
		const but = undone ? '' : `, except ${kept.join(', ')} (changed since)`;
		const [before = ''] = reason.split(undoneSuffix);
		state.report = {
			...rest,
			reason: `${before}${undoneSuffix}${but}`,
			...(undone || next === undefined ? {} : {next}),
		};
	}
}

const undoneSuffix = '; its change was undone';
