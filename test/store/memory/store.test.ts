import {createMemoryStore} from '../../../source/store/memory/store.ts';
import {describeStore} from '../../conformance/store.ts';

describeStore('memory store', async ({redact}) => createMemoryStore({redact}));
