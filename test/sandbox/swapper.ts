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
		startOver();
	}
}

/** The other side made a directory in a moment when there was none, and may do so again right now. */
function startOver(): void {
	try {
		for (const name of [inner, aside, link]) {
			rmSync(name, {recursive: true, force: true});
		}

		mkdirSync(inner, {recursive: true});
		writeFileSync(path.join(inner, 'file'), 'inside');
	} catch {
		// The next round fails, too, and gets here again.
	}
}
