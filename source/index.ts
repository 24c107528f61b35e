/** The library: run a team from your own program. See docs/architecture.md. */
export type {RunCommand} from './core/command.ts';
export {FailureError, failureKinds, type Failure, type FailureKind} from './core/failure.ts';
export {applyEvent} from './core/fold.ts';
export {
	formatProblems,
	parsePlan,
	type ParsedPlan,
	type PlanProblem,
} from './core/plan-problems.ts';
export {planHash, type Check, type Plan, type PlanInput, type Subtask} from './core/plan.ts';
export {createRedactor, type Redact} from './core/redact.ts';
export {runEventSchema, type RunEvent, type RunEventType} from './core/run-event.ts';
export {exitCodes, type RunOutcome, type RunReport} from './core/run-report.ts';
export {emptyRunState, type RunState} from './core/run-state.ts';
export type {Actions} from './core/actions.ts';
export type {Clock} from './core/clock.ts';
export type {Answer, ChatRequest, ToolCall} from './core/chat.ts';
export {
	runStateFromJson,
	runStateJsonSchema,
	runStateToJson,
	type RunStateJson,
} from './core/run-state-json.ts';
export type {
	AgentDelta,
	Receipt,
	Replay,
	ReplayControls,
	Run,
	RunCatalog,
	TranscriptLine,
} from './core/run.ts';
export {
	defaultRunSettings,
	type AgentProfile,
	type ProviderType,
	type RunSettings,
	type Team,
} from './core/settings.ts';
export {UsageError} from './core/usage-error.ts';
export {
	createOrchestrator,
	type Orchestrator,
	type OrchestratorOptions,
} from './compose/orchestrator.ts';
export type {
	Capabilities,
	Health,
	ModelInfo,
	Provider,
	StreamEvent,
	StreamOptions,
} from './providers/provider.ts';
export type {CommandResult, CommandSpec, Sandbox} from './sandbox/sandbox.ts';
export type {RunLog, Store} from './store/store.ts';
export type {PreparedCall, Tool, ToolContext, ToolOutcome} from './tools/tool.ts';
export type {Workspace} from './workspace/workspace.ts';
export {ProviderError} from './providers/provider.ts';
export {createFileStore} from './store/file/store.ts';
export {createMemoryStore} from './store/memory/store.ts';
export type {OwnedRun} from './engine/launch.ts';
export type {RunOrder} from './engine/run-parts.ts';
