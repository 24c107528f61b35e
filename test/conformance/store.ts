import type {CreateStore} from './new-run.ts';
import {describeFollowing} from './store-following.ts';
import {describeInbox} from './store-inbox.ts';
import {describeRuns} from './store-runs.ts';
import {describeTranscripts} from './store-transcripts.ts';
import {describeWriting} from './store-writing.ts';

/** What every store keeps. `createStore` gives a new, empty one; it may use `onTestFinished`. */
export function describeStore(name: string, createStore: CreateStore): void {
	const plain = () => createStore({redact: text => text});
	describeRuns(name, plain);
	describeWriting(name, plain, createStore);
	describeTranscripts(name, plain, createStore);
	describeFollowing(name, plain);
	describeInbox(name, plain);
}
