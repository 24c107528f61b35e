import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {readWireSchemas} from '../helpers/json-schema.ts';
import {request as plainRequest} from './conformance/requests.ts';
import {gaps, receivedDemands, sentDemands, terse} from './wire/exceptions.ts';
import {problemsReceived, protocols, streams} from './wire/received.ts';
import {builders, problemsSent} from './wire/sent.ts';

const interfaces = ['anthropic', 'openai-chat', 'openai-responses', 'ollama'] as const;

test.each(Object.entries(builders))('%s is sent what its vendor publishes', (name, builder) => {
	const [wire] = builder.types;
	const found = problemsSent(builder, readWireSchemas(wire, gaps[wire], sentDemands[wire]));
	expect(found).toEqual({});
	expect(builder.build(plainRequest())).toMatchObject(builder.extra ?? {});
});

test.each(protocols)('the scripted server streams %s as its vendor publishes', protocol => {
	const [wire] = streams[protocol];
	const exceptions = [...gaps[wire], ...terse[wire]];
	const schemas = readWireSchemas(wire, exceptions, receivedDemands[wire]);
	expect(problemsReceived(protocol, schemas)).toEqual({});
});

test.each(interfaces)('the schemas of %s are of the package that is installed', wire => {
	const {package: from, version} = readWireSchemas(wire);
	const file = new URL(`../../node_modules/${from}/package.json`, import.meta.url);
	const installed: unknown = JSON.parse(readFileSync(file, 'utf8'));
	expect(installed, 'npm run wire-schemas writes them anew').toMatchObject({version});
});

test.each(interfaces)('no exception of %s is left that nothing needs', wire => {
	const schemas = readWireSchemas(wire, [...gaps[wire], ...terse[wire]]);
	for (const builder of Object.values(builders).filter(({types}) => types[0] === wire)) {
		problemsSent(builder, schemas);
	}

	for (const protocol of protocols.filter(protocol => streams[protocol][0] === wire)) {
		problemsReceived(protocol, schemas);
	}

	expect(schemas.needless()).toEqual([]);
});
