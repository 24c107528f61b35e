import {mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';

// Swaps the directory `inner` of a workspace with a link to a directory outside, as fast as it can.
const [root = '', outside = ''] = process.argv.slice(2);
const inner = path.join(root, 'inner');
const aside = path.join(root, 'aside');
const link = path.join(root, 'link');
process.stdout.write('ready\n');
for (;;) {
	try {
		symlinkSync(outside, link);
		renameSync(inner, aside);
		renameSync(link, inner);
		unlinkSync(inner);
		renameSync(aside, inner);
	} catch {
		// The other side made a directory in the moment when there was none: start over.
		for (const name of [inner, aside, link]) {
			rmSync(name, {recursive: true, force: true});
		}

		mkdirSync(inner);
		writeFileSync(path.join(inner, 'file'), 'inside');
	}
}
