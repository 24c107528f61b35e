import type {RunCommand} from '../../../core/command.ts';
import {sanitizeLine} from '../../../core/text.ts';
import {notify, tellError, type App} from '../../app-store.ts';
import type {RunView} from '../run-view.ts';

/** Asks something of the run and tells what became of it. */
export async function send(
	app: App,
	{session}: RunView,
	command: RunCommand,
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
					`No process works on this run, so it waits until it is resumed: llm-orchestrator resume ${session.run.id}`,
					'warning',
				);
				break;
		}
	} catch (error) {
		tellError(app, error);
	}
}
