import type {RunEvent} from '../core/run-event.ts';
import type {RunReport} from '../core/run-report.ts';
import type {AgentDelta} from '../core/run.ts';
import type {RunState} from '../core/run-state.ts';

/** Tells of a run while it goes on, in one form. Never waits for whoever reads. */
export type Reporter = {
	event(event: RunEvent, state: RunState): void;
	delta(delta: AgentDelta): void;
	/** After the closing event; resolves when all is written. */
	end(report: RunReport, state: RunState): Promise<void>;
};

/** Where a reporter writes. */
export type Output = {
	write(text: string): void;
	/** Resolves when everything written so far has reached the reader, or cannot any more. */
	flush(): Promise<void>;
};
