import type {Answer, ChatRequest, Part, ToolSpec} from '../core/chat.ts';
import type {Clock} from '../core/clock.ts';
import {ProviderError, type Provider, type StreamEvent} from '../providers/provider.ts';
import {demoPlan, scenes, type Scene} from './scenes.ts';
import {demoTask} from './task.ts';

/** The model name of the scripted model. */
export const scriptedModel = 'scripted';

/** Speed of the script: slow enough for a person to follow, or without pauses. */
export type Pace = 'person' | 'fast';

/**
 * A provider without a model: its answers are in `scenes.ts`. An answer is a pure function of the
 * request (and its retry count), so that a run can resume after a crash.
 */
export function createScriptedProvider({
	pace,
	clock,
}: {
	readonly pace: Pace;
	readonly clock: Clock;
}): Provider {
	const thinkMs = pace === 'person' ? 250 : 0;
	const wordMs = pace === 'person' ? 28 : 0;
	return {
		type: 'demo',
		endpoint: 'a script, no server',
		health: async () => ({state: 'up'}),
		models: async () => [{id: scriptedModel, loaded: true}],
		capabilities: async () => ({
			tools: 'native',
			structuredOutput: 'enforced',
			contextTokens: null,
			maxOutputTokens: null,
			parallelCalls: null,
		}),
		async *stream(request, {signal, retry}): AsyncGenerator<StreamEvent> {
			try {
				await clock.sleep(thinkMs, signal);
				const scene = sceneFor(request);
				if (scene.overloadedOnce && retry === 0) {
					throw new ProviderError(
						'overloaded',
						'the scripted model simulates an overloaded server',
						{
							retryAfterMs: pace === 'person' ? 1_500 : 20,
						},
					);
				}

				for (const word of scene.text.split(/(?<= )/)) {
					await clock.sleep(wordMs, signal);
					yield {type: 'text-delta', text: word};
				}

				yield {type: 'finished', answer: answerOf(scene, request)};
			} catch (error) {
				if (signal.aborted) {
					throw new ProviderError('cancelled', 'the call was cancelled', {cause: error});
				}

				throw error;
			}
		},
	};
}

function sceneFor(request: ChatRequest): Scene {
	const [first] = request.messages;
	const prompt = first?.role === 'user' ? first.text : '';
	if (request.output) {
		const plan = prompt.includes(demoTask) ? demoPlan : fallbackPlan;
		const isRevision = prompt.includes('Why it was sent back');
		const said = isRevision ? {...plan, summary: unchangedSummary} : plan;
		return {text: JSON.stringify(said), calls: []};
	}

	const [tool] = request.tools ?? [];
	if (tool && !request.tools?.some(({name}) => name === 'finish')) {
		return {text: 'I call it.', calls: [{tool: tool.name, input: sampleInput(tool)}]};
	}

	const id = /^# Subtask\n\n([\w-]+):/.exec(prompt)?.[1] ?? '';
	const script = (prompt.includes(demoTask) ? scenes[id] : undefined) ?? fallbackScript;
	const turn = request.messages.filter(({role}) => role === 'assistant').length;
	return script[turn] ?? script.at(-1) ?? {text: '', calls: []};
}

/** The script's reply to feedback. */
const unchangedSummary =
	'The demo model is a script and cannot follow your feedback: the plan is unchanged. A real lead would revise it.';

function answerOf(scene: Scene, request: ChatRequest): Answer {
	const place = request.messages.length;
	const parts: Part[] = [
		{kind: 'text', text: scene.text},
		...scene.calls.map(({tool, input}, index) => ({
			kind: 'tool-call' as const,
			id: `call-${place}-${index}`,
			name: tool,
			argumentsText: JSON.stringify(input),
			arguments: {...input},
		})),
	];
	return {
		message: {role: 'assistant', parts, origin: {provider: 'demo', model: scriptedModel}},
		stopReason: scene.calls.length > 0 ? 'tool-calls' : 'end',
		usage: {
			input: Math.ceil(JSON.stringify(request.messages).length / 4),
			cacheRead: null,
			cacheWrite: null,
			output: Math.ceil(JSON.stringify(parts).length / 4),
			reasoning: null,
			estimated: true,
		},
		model: scriptedModel,
	};
}

/** Arguments that fit a flat schema, for callers that only test a call. */
function sampleInput({input}: ToolSpec): Scene['calls'][number]['input'] {
	const fields = input['properties'];
	if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
		return {};
	}

	return Object.fromEntries(
		Object.entries(fields).map(([name, field]) => {
			const type = typeof field === 'object' && field !== null && 'type' in field && field['type'];
			return [name, type === 'number' || type === 'integer' ? 1 : 'text'];
		}),
	);
}

const noteName = 'scripted-model.md';

/** For any other task: one subtask that leaves a note. */
const fallbackPlan = {
	summary: 'The scripted model of the demo does no real work: it leaves a note.',
	subtasks: [
		{
			id: 'note',
			title: 'Leave a note',
			instructions: `Write ${noteName}.`,
			dependsOn: [],
			join: 'all',
			writes: [noteName],
			checks: [`test -s ${noteName}`],
			outputs: [],
			estimate: 1,
		},
	],
	checks: [],
};

const fallbackScript: readonly Scene[] = [
	{
		text: 'I am a script and can only leave a note.',
		calls: [
			{
				tool: 'write_file',
				input: {
					path: noteName,
					content:
						'This note was written by the scripted model of the demo. For real work, create a team with a real provider.\n',
				},
			},
		],
	},
	{
		text: 'Done.',
		calls: [{tool: 'finish', input: {summary: 'Left a note: the model is a script.'}}],
	},
];
