import type {Plan} from '../../core/plan.ts';
import {layoutRails, type RailLayout} from '../../present/rails/rail-graph.ts';

const layouts = new WeakMap<Plan, RailLayout>();

/** The rail graph of a plan, laid out once. */
export function railsOf(plan: Plan): RailLayout {
	const known = layouts.get(plan) ?? layoutRails(plan);
	layouts.set(plan, known);
	return known;
}
