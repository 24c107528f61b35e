import type {EventOf, RunEvent} from './run-event.ts';
import type {RunState} from './run-state.ts';

/** Folds delivering the change and taking it back; false when the event is neither. */
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
			takeBack(state, event);
			break;
		default:
			return false;
	}

	return true;
}

/** Its closing line says so from now on, and does not offer to take it back once more. */
function takeBack(state: RunState, {kept}: EventOf<'undo-finished'>): void {
	const {delivery, report} = state;
	if (!delivery) {
		return;
	}

	const undone = kept.length === 0;
	state.delivery = {...delivery, undone, kept};
	if (report) {
		const {next, reason, ...rest} = report;
		const but = undone ? '' : `, but for ${kept.join(', ')} (changed since)`;
		const [before = ''] = reason.split(takenBack);
		state.report = {
			...rest,
			reason: `${before}${takenBack}${but}`,
			...(undone || next === undefined ? {} : {next}),
		};
	}
}

const takenBack = '; its change was taken back';
