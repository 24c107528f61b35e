import type {OwnedRun, RunListener} from '../../core/run.ts';
import type {FlagValues} from '../argv/command.ts';
import type {UiMode} from '../argv/ui-mode.ts';

/** Starts or resumes a run; the listener also gets the first event. */
export type StartRun = (listener?: RunListener) => Promise<OwnedRun>;

export type ShowOptions = {readonly mode: UiMode; readonly flags: FlagValues};
