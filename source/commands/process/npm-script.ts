import type {Environment} from '../../core/environment.ts';

/** Whether the program was started by the npm script `orchestrator` or `demo`. */
export function isNpmScript({npm_lifecycle_event: script}: Environment): boolean {
	return script === 'orchestrator' || script === 'demo';
}
