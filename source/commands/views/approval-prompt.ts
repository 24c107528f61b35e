import {createInterface, type Interface} from 'node:readline/promises';
import {systemClock} from '../../compose/clock.ts';
import type {Run} from '../../core/run.ts';
import {isOpenApproval, openApprovals, requestSummary} from '../../core/open-approvals.ts';
import type {ApprovalState} from '../../core/run-state-entries.ts';
import {revealHidden, shorten} from '../../core/text.ts';
import type {Io} from '../process/io.ts';
import type {PromptedOutput} from './prompted-output.ts';

/** How long to wait for keys pressed before the prompt appeared, in ms. */
const typeAheadMs = 100;

/**
 * Prompts for the open approvals of a run one at a time, until stopped. A decision by another process
 * closes the prompt.
 */
export function promptForApprovals(run: Run, io: Io, output: PromptedOutput): () => void {
	const stopped = new AbortController();
	let asking = false;

	const askNext = async () => {
		const [request] = openApprovals(run.state());
		if (asking || !request || stopped.signal.aborted) {
			return;
		}

		asking = true;
		const answered = new AbortController();
		const unsubscribe = run.subscribe((_, state) => {
			const known = state.approvals.get(request.id);
			if (!known || known.decision || !isOpenApproval(known, state)) {
				output.setPrompt(undefined);
				// Closing a prompt writes a line break, which must come after the line that replaces it.
				void output.flush().then(() => {
					answered.abort();
				});
			}
		});
		const terminal = io.terminal();
		const lines = createInterface({...terminal, prompt: ''});
		const closed = new AbortController();
		lines.once('close', () => {
			closed.abort();
		});
		// While reading a line, Ctrl+C is a key: send the signal that the terminal would have sent.
		lines.on('SIGINT', () => {
			io.interrupt();
		});
		const signal = AbortSignal.any([answered.signal, stopped.signal, closed.signal]);
		try {
			await output.flush();
			await discardTypeAhead(lines, signal);
			await ask(request, run, {lines, output, signal}, io);
		} catch {
			// Ctrl+D, or the run has ended. A decision made elsewhere replaces the prompt.
			if (!answered.signal.aborted) {
				io.print('');
			}
		} finally {
			output.setPrompt(undefined);
			unsubscribe();
			lines.close();
			asking = false;
		}

		if (terminal.input.readable) {
			void askNext();
		}
	};

	const unsubscribe = run.subscribe(event => {
		if (event.type === 'approval-requested') {
			// Verdicts and decisions by criteria follow within the same turn of the event loop.
			setImmediate(() => void askNext());
		}
	});
	void askNext();
	return () => {
		unsubscribe();
		stopped.abort();
	};
}

/** Keys typed before the prompt appeared do not answer it. */
async function discardTypeAhead(lines: Interface, signal: AbortSignal): Promise<void> {
	await systemClock.sleep(typeAheadMs, signal);
	lines.write(null, {ctrl: true, name: 'e'});
	lines.write(null, {ctrl: true, name: 'u'});
}

async function ask(
	request: ApprovalState,
	run: Run,
	{
		lines,
		output,
		signal,
	}: {
		readonly lines: Interface;
		readonly output: PromptedOutput;
		readonly signal: AbortSignal;
	},
	io: Io,
): Promise<void> {
	const {subject} = request;
	const always = subject.kind === 'tool' ? ', [A]lways' : '';
	const usage = `Answer a${always === '' ? '' : ', A'} or r.`;
	// Other lines are printed above, so the prompt itself names its subject.
	const short =
		subject.kind === 'tool'
			? `${subject.agent}, ${shorten(revealHidden(requestSummary(subject)), 50)}? `
			: '';
	io.print('');
	io.print(io.paint('heading', describe(request)));
	output.setPrompt(lines);
	for (;;) {
		const answer = await lines.question(`${short}[a]pprove${always}, [r]eject: `, {signal});
		const word = answer.trim();
		switch (word === 'A' ? 'always' : word.toLowerCase()) {
			case 'a':
			case 'approve':
			case 'y':
			case 'yes':
				await run.send({type: 'decide', approval: request.id, decision: 'approve', scope: 'once'});
				return;
			case 'always':
				if (subject.kind === 'tool') {
					await run.send({
						type: 'decide',
						approval: request.id,
						decision: 'approve',
						scope: 'always',
					});
					return;
				}

				io.print(usage);
				break;
			case 'n':
			case 'no':
				await run.send({type: 'decide', approval: request.id, decision: 'reject', scope: 'once'});
				return;
			case 'r':
			case 'reject':
			case 'f': {
				const feedback = await lines.question('What should be different? (Enter: just reject) ', {
					signal,
				});
				await run.send({
					type: 'decide',
					approval: request.id,
					decision: 'reject',
					scope: 'once',
					...(feedback.trim() === '' ? {} : {feedback}),
				});
				return;
			}

			default:
				io.print(usage);
		}
	}
}

function describe({subject}: ApprovalState): string {
	switch (subject.kind) {
		case 'plan':
			return `Approve revision ${subject.revision} of the plan and its checks, as shown above?`;
		case 'tool':
			return describeCall(subject);
		case 'interrupted-command':
			return `"${revealHidden(subject.command)}" in ${subject.subtask} was interrupted and may already have had effects. Restart the attempt?`;
	}
}

function describeCall({
	agent,
	detail,
	directory,
	reason,
	subtask,
	tool,
}: Extract<ApprovalState['subject'], {kind: 'tool'}>): string {
	const who = subtask === undefined ? agent : `${agent} (${subtask})`;
	return [
		`${who} wants to use ${tool}. ${reason}.`,
		'',
		`    ${revealHidden(detail).replaceAll('\n', '\n    ')}`,
		'',
		`in ${revealHidden(directory)}`,
		'Allow it?',
	].join('\n');
}
