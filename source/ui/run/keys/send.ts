import type {SteeringCommand} from '../../../core/steering-command.ts';
import {sanitizeLine} from '../../../core/text.ts';
import {notify, reportError, type App} from '../../app-store.ts';
import type {RunView} from '../run-view.ts';

/** Sends a command to the run and shows the result. */
export async function send(
	app: App,
	{session}: RunView,
	command: SteeringCommand,
	done: string,
): Promise<void> {
	try {
		const receipt = await session.run.send(command);
		switch (receipt.kind) {
			case 'taken':
				notify(app, done, 'good');
				break;
			case 'refused':
				notify(app, `Refused: ${sanitizeLine(receipt.reason)}`, 'warning');
				break;
			case 'queued':
				notify(
					app,
					`No process is running this run, so this will wait until the run is resumed: llm-orchestrator resume ${session.run.id}`,
					'warning',
				);
				break;
		}
	} catch (error) {
		reportError(app, error);
	}
}
