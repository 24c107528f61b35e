import type {RunEventBody} from '../../../../source/core/run-event.ts';
import {sampleReport} from '../../../core/every-event.ts';
import {begun, decided} from '../../../helpers/ui-run.ts';
import {planAsked} from './asked-run.ts';

/** A run in which bob works on api. */
export const working: readonly RunEventBody[] = [
	...planAsked,
	decided('p1'),
	...begun('api', 'bob'),
];

/** The run after it was interrupted. */
export const stopped: readonly RunEventBody[] = [
	...working,
	{type: 'run-stopped', report: {...sampleReport, outcome: 'interrupted'}},
];
