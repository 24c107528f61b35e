import {expect, test} from 'vitest';
import {parseArguments} from '../../source/commands/argv/parse-arguments.ts';
import {showCommand} from '../../source/commands/show.ts';
import {fakeIo} from './fake-io.ts';

test.each([
	['--diff --json', '--diff and --json'],
	['--json --diff', '--diff and --json'],
	['--blob abc --json', '--blob and --json'],
	['--blob abc --events', '--blob and --events'],
	['--blob abc --diff', '--blob and --diff'],
	['--diff --events --json --full', '--diff and --events'],
])('show %s is refused: a text is printed as it is, or not at all', async (flags, which) => {
	const io = await fakeIo();
	const invocation = parseArguments(['last', ...flags.split(' ')], showCommand);
	await expect(showCommand.run(invocation, io)).rejects.toMatchObject({
		name: 'UsageError',
		message: `${which} cannot be combined`,
		hint: 'omit one of them',
	});
	expect(io.out).toEqual([]);
});
