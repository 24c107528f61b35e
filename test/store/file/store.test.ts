import {join} from 'node:path';
import {createFileStore} from '../../../source/store/file/store.ts';
import {describeStore} from '../../conformance/store.ts';
import {temporaryDirectory} from '../../helpers/temporary-directory.ts';

describeStore('file store', async ({redact}) =>
	createFileStore({directory: join(await temporaryDirectory(), 'runs'), redact}),
);
