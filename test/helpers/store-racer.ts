/**
 * Opens a run again and again, against others, until `lastEpoch` is reached. Notes in a journal when
 * it owns the run and when it is about to give it up. Kills itself in every third epoch, each time
 * at another point.
 */
import {appendFileSync} from 'node:fs';
import {setImmediate, setTimeout} from 'node:timers/promises';
import {createFileStore} from '../../source/store/file/store.ts';
import {RunHeldError} from '../../source/store/store.ts';
import {paused} from './store-events.ts';

const [directory = '', run = '', journal = '', lastEpoch = ''] = process.argv.slice(2);
const store = createFileStore({directory, redact: text => text});

for (let epoch = 0; epoch < Number(lastEpoch);) {
	epoch = (await turn()) ?? epoch;
}

async function turn(): Promise<number | undefined> {
	const opened = await store.open(run, {takeOver: false}).catch((error: unknown) => {
		if (error instanceof RunHeldError) {
			return undefined;
		}
		throw error;
	});
	// Let the owner go on: there are more racers than cores.
	if (!opened) {
		return setTimeout(2, undefined);
	}

	const {log, events} = opened;
	note('owns', log.epoch);
	const dieAt = log.epoch % 3 === 0 ? (log.epoch / 3) % 4 : undefined;
	const die = (point: number) => dieAt === point && process.kill(process.pid, 'SIGKILL');
	die(0);
	const place = {run, epoch: log.epoch};
	log.append(paused({...place, seq: events.length + 1}));
	die(1);
	await log.barrier();
	log.append(paused({...place, seq: events.length + 2}));
	await setImmediate();
	die(2);
	note('leaves', log.epoch);
	const closed = log.close();
	die(3);
	await closed;
	return log.epoch;
}

function note(what: string, epoch: number): void {
	appendFileSync(journal, `${process.pid} ${what} ${epoch}\n`);
}
