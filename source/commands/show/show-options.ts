import type {RunListener} from '../../core/run.ts';
import type {OwnedRun} from '../../engine/launch.ts';
import type {FlagValues} from '../argv/command.ts';
import type {UiMode} from '../argv/ui-mode.ts';

/** Starts or resumes a run; the listener hears its first event too. */
export type Start = (listener?: RunListener) => Promise<OwnedRun>;

export type ConductOptions = {readonly mode: UiMode; readonly flags: FlagValues};
