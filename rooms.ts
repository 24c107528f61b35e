/**
 * Which room may import which: the architecture in one table, enforced by the linter. `value` rooms
 * may be imported freely; of `interface` rooms, only types, and only from the files that declare
 * their interface.
 */
export type Room = {
	readonly value: readonly string[];
	readonly interface?: readonly string[];
	/** Rooms loaded on demand: a `load.ts` imports them dynamically. */
	readonly late?: readonly string[];
};

export const interfaceFiles: Readonly<Record<string, readonly string[]>> = {
	agents: ['agent'],
	approval: ['facts'],
	providers: ['provider'],
	recovery: ['recovery'],
	sandbox: ['sandbox', 'path-guard'],
	store: ['store'],
	tools: ['tool', 'toolbox'],
	workspace: ['workspace'],
};

const all = [
	'core',
	'config',
	'store',
	'providers',
	'sandbox',
	'tools',
	'workspace',
	'agents',
	'approval',
	'recovery',
	'engine',
	'demo',
	'present',
	'session',
	'reporters',
	'panes',
];

export const rooms: Readonly<Record<string, Room>> = {
	core: {value: []},
	config: {value: ['core']},
	store: {value: ['core']},
	providers: {value: ['core']},
	sandbox: {value: ['core']},
	tools: {value: ['core', 'sandbox']},
	workspace: {value: ['core', 'sandbox']},
	agents: {value: ['core'], interface: ['providers', 'tools']},
	approval: {value: ['core']},
	recovery: {value: ['core']},
	engine: {
		value: ['core'],
		interface: [
			'store',
			'providers',
			'tools',
			'sandbox',
			'workspace',
			'agents',
			'approval',
			'recovery',
		],
	},
	demo: {value: ['core', 'providers']},
	present: {value: ['core']},
	session: {value: ['core', 'present']},
	reporters: {value: ['core', 'present']},
	panes: {value: ['core']},
	ui: {value: ['core', 'present', 'session']},
	compose: {value: all},
	commands: {value: [...all, 'compose'], late: ['ui']},
};

/** Packages that only these rooms may import. */
export const packageRooms: Readonly<Record<string, readonly string[]>> = {
	zod: ['core', 'config', 'store', 'providers', 'tools', 'agents', 'compose'],
	'@anthropic-ai/sdk': ['providers'],
	openai: ['providers'],
	ollama: ['providers'],
	undici: ['providers'],
	execa: ['workspace', 'compose', 'commands'],
	re2js: ['tools'],
	diff: ['tools'],
	'dice-coefficient': ['tools'],
	tinyqueue: ['engine'],
	'p-queue': ['engine'],
	leven: ['core'],
	meow: ['commands'],
	'string-width': ['present'],
	ink: ['ui'],
	'ink-spinner': ['ui'],
	react: ['ui'],
	zustand: ['ui'],
};

/** The only files that may use the process's streams, environment and exit. */
export const processEdge: readonly string[] = ['source/cli.ts', 'source/commands/process/io.ts'];

/** Files that may use the rest of `process`, and why; others get what they need as parameters. */
export const processFiles: Readonly<Record<string, string>> = {
	'source/commands/process/node-version.ts': 'the version of Node',
	'source/commands/process/own-program.ts': 'the path of Node',
	'source/config/home.ts': 'the user id, to compare with file owners',
	'source/sandbox/open-directory.ts': 'the platform',
	'source/sandbox/process-tree.ts': 'the platform, and signals to commands',
	'source/store/file/file-system.ts': 'the platform',
	'source/store/file/identity.ts': 'the platform, the pid, and whether other processes exist',
	'source/ui/job-control.ts': 'signals of the terminal',
	'source/ui/restore-on-exit.ts': 'signals of the terminal, and exits past the view',
	'source/workspace/dependencies.ts': 'the platform',
	'source/workspace/disk-state.ts': 'the umask',
};
