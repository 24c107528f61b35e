import {foldRun} from './fold-run.ts';

/** Folds one run in a dedicated process: `node fold-process.ts <runs> <run> <events>`. */
const [directory = '', run = '', count = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await foldRun(directory, run, Number(count))));
