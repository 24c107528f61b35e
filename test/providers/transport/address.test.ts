import {expect, test} from 'vitest';
import {isExposed} from '../../../source/providers/transport/address.ts';

test.each([
	['http://gateway.example/v1', true],
	['http://8.8.8.8:8000', true],
	['http://172.32.0.1', true],
	['http://127.0.0.1.example', true],
	['https://gateway.example/v1', false],
	['http://localhost:8000', false],
	['http://127.0.0.1', false],
	['http://192.168.0.7:1234', false],
	['http://172.16.0.1', false],
	['http://[::1]:8080', false],
	['http://gpu:8000', false],
	['http://gpu.local:8000', false],
])('what is sent to %s can be read on the way: %s', (address, exposed) => {
	expect(isExposed(new URL(address))).toBe(exposed);
});
