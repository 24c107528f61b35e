import {createInterface, type Interface} from 'node:readline/promises';
import {systemClock} from '../../compose/clock.ts';
import type {Run} from '../../core/run.ts';
import {isOpenApproval, openApprovals, requestSummary} from '../../core/open-approvals.ts';
import type {ApprovalState} from '../../core/run-state.ts';
import {revealHidden, shorten} from '../../core/text.ts';
import type {Io} from '../process/io.ts';
import type {PromptedOutput} from './prompted-output.ts';

/** How long keys that were pressed before a question stood there are waited for, in ms. */
const typedAheadMs = 100;

/**
 * Asks the open approvals of a run one by one by a line on the terminal, until stopped. What another
 * process decides meanwhile closes the question.
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
				output.setQuestion(undefined);
				// Giving up a question writes a line break: not before the line that takes its place is there.
				void output.flush().then(() => {
					answered.abort();
				});
			}
		});
		const lines = createInterface({
			input: process.stdin,
			output: process.stdout,
			prompt: '',
		});
		const closed = new AbortController();
		lines.once('close', () => {
			closed.abort();
		});
		// While a line is read, Ctrl+C is a key: give the signal that the terminal would have sent.
		lines.on('SIGINT', () => {
			process.kill(process.pid, 'SIGINT');
		});
		const signal = AbortSignal.any([answered.signal, stopped.signal, closed.signal]);
		try {
			await output.flush();
			await dropTypedAhead(lines, signal);
			await ask(request, run, {lines, output, signal}, io);
		} catch {
			// Ctrl+D, or the run has ended. What was decided elsewhere is told in the place of the question.
			if (!answered.signal.aborted) {
				io.print('');
			}
		} finally {
			output.setQuestion(undefined);
			unsubscribe();
			lines.close();
			asking = false;
		}

		if (process.stdin.readable) {
			void askNext();
		}
	};

	const unsubscribe = run.subscribe(event => {
		if (event.type === 'approval-requested') {
			// Verdicts and the decision of criteria follow within the same turn of the event loop.
			setImmediate(() => void askNext());
		}
	});
	void askNext();
	return () => {
		unsubscribe();
		stopped.abort();
	};
}

/** What was typed before the question stood there does not answer it. */
async function dropTypedAhead(lines: Interface, signal: AbortSignal): Promise<void> {
	await systemClock.sleep(typedAheadMs, signal);
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
	// Other lines are printed above: the question itself has to say what it is about.
	const short =
		subject.kind === 'tool'
			? `${subject.agent}, ${shorten(revealHidden(requestSummary(subject)), 50)}? `
			: '';
	io.print('');
	io.print(io.paint('heading', describe(request)));
	output.setQuestion(lines);
	for (;;) {
		const answer = await lines.question(`${short}[y]es${always}, [n]o, [f]eedback: `, {signal});
		const word = answer.trim();
		switch (word === 'A' ? 'always' : word.toLowerCase()) {
			case 'y':
			case 'yes':
			case 'a':
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

				io.print('Please answer y, n or f.');
				break;
			case 'n':
			case 'no':
				await run.send({type: 'decide', approval: request.id, decision: 'reject', scope: 'once'});
				return;
			case 'f': {
				const feedback = await lines.question('What should be different? ', {signal});
				if (feedback.trim() !== '') {
					await run.send({
						type: 'decide',
						approval: request.id,
						decision: 'reject',
						scope: 'once',
						feedback,
					});
					return;
				}

				break;
			}

			default:
				io.print(`Please answer y${always === '' ? '' : ', A'}, n or f.`);
		}
	}
}

function describe({subject}: ApprovalState): string {
	switch (subject.kind) {
		case 'plan':
			return `Approve revision ${subject.revision} of the plan, and its checks as they stand above?`;
		case 'tool':
			return describeCall(subject);
		case 'interrupted-command':
			return `"${revealHidden(subject.command)}" of ${subject.subtask} was interrupted and may have done something already. Start the attempt over?`;
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
