import {describe, expect, test} from 'vitest';
import {commandsOf, programsOf} from '../../source/approval/planned-commands.ts';
import {planOf, subtask} from '../helpers/run-parts.ts';

test('the commands of a plan are those of its subtasks and of the whole, each with its place', () => {
	const plan = planOf({
		subtasks: [subtask('a', {checks: ['x', {name: 'named', command: 'y'}]}), subtask('b')],
		checks: ['z'],
	});
	expect(commandsOf(plan)).toEqual([
		{where: 'check of a', command: 'x'},
		{where: 'check of a', command: 'y'},
		{where: 'final check', command: 'z'},
	]);
});

describe('the programs of a command line', () => {
	test.each([
		['npm test', ['npm']],
		['NODE_ENV=test CI=1 npm test', ['npm']],
		['NODE_OPTIONS="--a --b" npm test', ['npm']],
		['npm run build && node dist/x.js || exit 1', ['npm', 'node']],
		['cat a | sort | uniq -c > out', ['cat', 'sort', 'uniq']],
		['make\nmake test', ['make']],
		['./run-tests.sh; ../x', ['./run-tests.sh', '../x']],
		['test -f dist/index.js', []],
		['cd sub && npm test', ['npm']],
		['if [ -f x ]; then true; fi', []],
		['! grep TODO src', []],
		['$CMD run', []],
		['"my program" run', []],
		['', []],
	] as const)('%j: %j', (command, programs) => {
		expect(programsOf(command)).toEqual(programs);
	});

	test.each([
		[`grep -qE 'error|warning|fatal' log`, ['grep']],
		['grep -q "a | b c" file && node -e "one(); two; three()"', ['grep', 'node']],
		[`node -e 'const a = 1; assert(a && true || false)'`, ['node']],
		['node -e "say(\\"x; y z\\"); w"', ['node']],
		[String.raw`grep -q a\|b file`, ['grep']],
	] as const)('are not looked for in what is quoted: %s', (command, programs) => {
		expect(programsOf(command)).toEqual(programs);
	});
});
