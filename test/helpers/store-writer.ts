/**
 * Opens a run and obeys standard input: `append <n>` appends n events, lets them be written and prints
 * the last `seq`; `blob <text>` prints its name; `close` gives the run up.
 */
import {createInterface} from 'node:readline';
import {setImmediate} from 'node:timers/promises';
import {createFileStore} from '../../source/store/file/store.ts';
import {paused} from './store-events.ts';

const [directory = '', run = ''] = process.argv.slice(2);
const store = createFileStore({directory, redact: text => text});
const {log, events} = await store.open(run, {takeOver: false});
let seq = events.length;
console.log(`open ${log.epoch} ${seq}`);

for await (const line of createInterface({input: process.stdin})) {
	const [command, argument = ''] = line.split(' ');
	if (command === 'append') {
		for (let left = Number(argument); left > 0; left -= 1) {
			seq += 1;
			log.append(paused({run, seq, epoch: log.epoch}));
		}

		await setImmediate();
		await setImmediate();
		console.log(`appended ${seq}`);
	} else if (command === 'blob') {
		console.log(log.putBlob(argument));
	} else if (command === 'close') {
		await log.close();
		break;
	}
}
