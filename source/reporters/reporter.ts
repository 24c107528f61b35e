import type {RunEvent} from '../core/run-event.ts';
import type {RunReport} from '../core/run-report.ts';
import type {AgentDelta} from '../core/run.ts';
import type {RunState} from '../core/run-state.ts';

/** Reports a run as it happens. Never waits for its reader. */
export type Reporter = {
	event(event: RunEvent, state: RunState): void;
	delta(delta: AgentDelta): void;
	/** Called after the last event; resolves when everything is written. */
	end(report: RunReport, state: RunState): Promise<void>;
};

/** Where a reporter writes. */
export type Output = {
	write(text: string): void;
	/** Resolves when everything so far was read, or no longer can be. */
	flush(): Promise<void>;
};
