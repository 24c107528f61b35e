import type {Environment} from '../../providers/defaults.ts';

/** Whether an npm script of the checkout started the program: `orchestrator`, or `demo`. */
export function isNpmScript({npm_lifecycle_event: script}: Environment): boolean {
	return script === 'orchestrator' || script === 'demo';
}
