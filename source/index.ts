/** The library: run a team from your own program. See docs/architecture.md and examples/library.ts. */

// Running a team
export {
	createOrchestrator,
	type Orchestrator,
	type OrchestratorOptions,
} from './compose/orchestrator.ts';
export type {NewRun} from './engine/run-parts.ts';
export {
	defaultRunSettings,
	type AgentProfile,
	type ModelTarget,
	type PermissionMode,
	type ProviderType,
	type RunSettings,
	type Team,
} from './core/settings.ts';
export type {Environment} from './core/environment.ts';
export type {Pace} from './demo/scripted-provider.ts';
export type {CustomPrice, CustomPrices} from './providers/prices.ts';
export {createRedactor, type Redact} from './core/redact.ts';
export {
	planHash,
	type Check,
	type Condition,
	type Dependency,
	type Plan,
	type PlanInput,
	type Subtask,
} from './core/plan.ts';
export {
	formatProblems,
	parsePlan,
	type ParsedPlan,
	type PlanProblem,
} from './core/plan-problems.ts';

// Following and steering a run, in this process or in another
export {createRunCatalog} from './compose/run-catalog.ts';
export type {
	AgentDelta,
	OwnedRun,
	Receipt,
	Replay,
	ReplayControls,
	Run,
	RunCatalog,
	RunListener,
	TranscriptLine,
} from './core/run.ts';
export type {RunSummary} from './core/run-summary.ts';
export type {
	Actions,
	LimitChange,
	NewTeam,
	ProviderChoice,
	ProviderSummary,
	TeamSummary,
	TestLine,
} from './core/actions.ts';
export type {SteeringCommand} from './core/steering-command.ts';
export {runEventSchema, type EventOf, type RunEvent, type RunEventType} from './core/run-event.ts';
export type {Payload, ReadBlob} from './core/payload.ts';
export type {Change} from './core/change.ts';
export {emptyRunState, type RunState} from './core/run-state.ts';
export type {
	AgentState,
	ApprovalState,
	CheckState,
	MessageState,
	ModelSwitch,
	PlanState,
	Reserved,
	RunStatus,
	SubtaskState,
	SubtaskStatus,
} from './core/run-state-entries.ts';
export {openApprovals} from './core/open-approvals.ts';
export {applyEvent, type ResolvePayload} from './core/fold.ts';
export {foldLog, planResolver} from './engine/log/fold-log.ts';
export {
	runStateFromJson,
	runStateJsonSchema,
	runStateToJson,
	type RunStateJson,
} from './core/run-state-json.ts';
export {exitCodes, type RunOutcome, type RunReport, type TokenCount} from './core/run-report.ts';

// Errors
export {
	FailureError,
	failureKinds,
	type Failure,
	type FailureDetail,
	type FailureKind,
} from './core/failure.ts';
export {ProviderError} from './providers/provider.ts';
export {StoreError} from './core/store-error.ts';
export {RunHeldError} from './store/store.ts';
export {UsageError} from './core/usage-error.ts';

// Replacing a part: provider
export type {ReplaceProvider} from './compose/connect.ts';
export type {
	Capabilities,
	Health,
	ModelInfo,
	Provider,
	StreamEvent,
	StreamOptions,
} from './providers/provider.ts';
export type {
	Answer,
	AssistantMessage,
	ChatRequest,
	Message,
	Part,
	StopReason,
	ToolCall,
	ToolMessage,
	ToolSpec,
	Usage,
	UserMessage,
} from './core/chat.ts';
export type {Json, JsonObject, JsonSchema} from './core/json.ts';

// Replacing a part: tools
export type {AnyTool} from './tools/catalog.ts';
export type {PreparedCall, Tool, ToolContext, ToolOutcome, TouchedFile} from './tools/tool.ts';
export type {ToolEffect} from './core/agent-events.ts';
export type {CommandConfinement} from './core/permission.ts';

// Replacing a part: sandbox, clock
export type {CommandResult, CommandSpec, Confinement, Sandbox} from './sandbox/sandbox.ts';
export type {Entry, PathGuard} from './sandbox/path-guard.ts';
export type {Clock} from './core/clock.ts';

// Replacing a part: store
export {createFileStore} from './store/file/store.ts';
export {createMemoryStore} from './store/memory/store.ts';
export type {
	Inbox,
	InboxEntry,
	IndexEntry,
	ReadLog,
	RunInfo,
	RunLog,
	RunOwner,
	Store,
} from './store/store.ts';
