import {createMemoryStore} from '../../../source/store/memory/store.ts';
import {describeStore} from '../../conformance/store.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

describeStore('memory store', async ({redact}) =>
	createMemoryStore({redact, directory: await temporaryDirectory()}),
);
