import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createRedactor, createStreamRedactor} from '../../source/core/redact.ts';

const redactedMark = '[redacted]';

const known = 'correct-horse/battery+staple';
const apiKey = `sk-ant-api03-${'Ab1_'.repeat(20)}`;
const keys = {
	known,
	'known in base64': Buffer.from(known).toString('base64').replace(/=+$/, ''),
	'known, URL-encoded': encodeURIComponent(known),
	anthropic: apiKey,
	openai: `sk-proj-${'x9Y'.repeat(12)}`,
	github: `ghp_${'a1B2'.repeat(9)}`,
	'github, fine-grained': `github_pat_${'a1B2_'.repeat(10)}`,
	gitlab: `glpat-${'a1B2-'.repeat(5)}`,
	slack: 'xoxb-1234567890-abcdef',
	aws: 'AKIAIOSFODNN7EXAMPLE',
	google: `AIza${'Sy0_-'.repeat(7)}`,
	npm: `npm_${'a1B2'.repeat(9)}`,
	huggingface: `hf_${'aB3'.repeat(11)}`,
	stripe: `sk_live_${'aB3'.repeat(8)}`,
	token: `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${'aB3-'.repeat(8)}`,
};
/** What stays to be seen of a secret: the header of a token tells nothing. */
const harmless: {readonly [name: string]: string} = {token: 'eyJhbGciOiJIUzI1NiJ9'};
const redact = createRedactor([known, 'short', '  trimmed-secret\n']);

/** Begins of secrets, so many that each is within the reach of the one before. */
const almost = [
	'sk-',
	'-eyJaaaaaaaaaa',
	'xoxb-',
	'-AIza',
	'glpat-',
	'a://b:',
	'-----BEGIN PRIVATE KEY',
];

const piece = fc.oneof(
	fc.constantFrom(
		...Object.values(keys),
		'https://ada:hunter2@host/path',
		' ',
		'\n',
		'=',
		'"',
		'-',
	),
	fc.string({maxLength: 6}),
);
const textWithSecrets = fc.array(piece, {maxLength: 12}).map(pieces => pieces.join(''));

describe('a redactor', () => {
	test.each(Object.entries(keys))('hides a secret: %s', (name, key) => {
		const shown = `${harmless[name] ?? ''}${redactedMark}`;
		expect(redact(`key="${key}" end`)).toBe(`key="${shown}" end`);
		expect(redact(key)).toBe(shown);
	});

	test.each(almost)('takes no longer for a text full of almost secrets: %s', unit => {
		// A million characters: looked through anew from each of its places, they would take minutes.
		const text = unit.repeat(1_000_000 / unit.length);
		expect(redact(redact(text))).toBe(redact(text));
	});

	test('hides passwords in URLs, and nothing else of them', () => {
		expect(redact('git clone https://ada:hunter2@example.org/a.git')).toBe(
			`git clone https://ada:${redactedMark}@example.org/a.git`,
		);
		expect(redact('postgres://:pw@db:5432/x')).toBe(`postgres://:${redactedMark}@db:5432/x`);
		for (const harmless of ['http://localhost:8080/@ada', 'mail ada@example.org: hi', 'a:b@c']) {
			expect(redact(harmless)).toBe(harmless);
		}
	});

	test.each([
		'[{"text":"see http://localhost:3000"},{"path":"@output-1"}]',
		'"{\\"url\\":\\"http://localhost:3000\\",\\"to\\":\\"@ada\\"}"',
		'{"http://localhost","to":"ada@host"}',
		"fetch('http://localhost:3000','@ada')",
		'${`http://localhost:3000`}@ada',
		'{a:http://localhost:3000}@ada',
		'"http://localhost","a:b@c"',
	])('takes nothing behind a URL for its password: %s', text => {
		expect(redact(text)).toBe(text);
	});

	test('hides a private key with all its lines', () => {
		const key =
			'-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\nAAAA\n-----END OPENSSH PRIVATE KEY-----';
		expect(redact(`a\n${key}\nb`)).toBe(`a\n${redactedMark}\nb`);
	});

	test('leaves ordinary text alone', () => {
		for (const text of [
			'short values such as "short" would hit everything',
			'the task-force of sk-learn met at hf_hub',
			'eyJust. a word',
			'commit 1f3a9c5d7e',
		]) {
			expect(redact(text)).toBe(text);
		}
	});

	test('hides values without the white space around them', () => {
		expect(redact('x trimmed-secret y')).toBe(`x ${redactedMark} y`);
	});

	test('finds the longer of two known values when one begins the other', () => {
		const both = createRedactor(['password', 'password-of-ada']);
		expect(both('password-of-ada')).toBe(redactedMark);
	});

	test('changes nothing when it is used again', () => {
		fc.assert(
			fc.property(textWithSecrets, text => {
				const once = redact(text);
				expect(redact(once)).toBe(once);
			}),
			{numRuns: 500},
		);
	});

	test('takes values that no encoding can carry', () => {
		expect(createRedactor(['half-a-\uD83D-character'])('text')).toBe('text');
	});
});

describe('a stream redactor', () => {
	test.each(Object.entries(keys))('hides a secret that is cut at any place: %s', (_, key) => {
		const text = `export KEY=${key}; echo done\n`;
		for (let border = 0; border <= text.length; border++) {
			const shown = through([text.slice(0, border), text.slice(border)]);
			expect(shown).toBe(redact(text));
			expect(shown).not.toContain(key);
		}

		expect(through(text.split(''))).toBe(redact(text));
	});

	test('gives what redacting the whole gives, however the text is cut', () => {
		fc.assert(
			fc.property(textWithSecrets, fc.array(fc.nat(200)), (text, borders) => {
				expect(through(cutAt(text, borders))).toBe(redact(text));
			}),
			{numRuns: 500},
		);
	});

	test.each([1, 7, 100, 4_096, 8_192, 8_193, 50_000])(
		'hides secrets in a line of many thousand characters, in chunks of %i',
		size => {
			const entry = (index: number) => `{"index":${index},"padding":"${'.'.repeat(index % 61)}"},`;
			const filler = (from: number) =>
				Array.from({length: 500}, (_, index) => entry(from + index)).join('');
			const text = [
				filler(0),
				...Object.values(keys).flatMap((key, index) => [`"${key}"`, filler(index * 37)]),
			].join(',');
			const shown = through(chunks(text, size));
			for (const key of Object.values(keys)) {
				expect(shown).not.toContain(key);
				expect(shown).not.toContain(key.slice(-16));
			}

			expect(shown).toBe(redact(text));
		},
	);

	test.each(almost)('takes no longer for a long word full of almost secrets: %s', unit => {
		const text = unit.repeat(400_000 / unit.length);
		const shown = through(chunks(text, 4));
		expect(redact(shown)).toBe(shown);
	});

	test('cuts no secret when a long line is full of them', () => {
		const entries = Array.from({length: 60}, (_, index) =>
			Object.values(keys).map(key => `"${'.'.repeat(index)}${key}",`),
		);
		const text = entries.flat().join('');
		for (const size of [16, 1_000, 9_000]) {
			expect(through(chunks(text, size))).toBe(redact(text));
		}
	});

	test('shows whole words as they come, and the rest at the end', () => {
		const stream = createStreamRedactor(redact);
		expect(stream.push('one two thr')).toBe('one two ');
		expect(stream.push('ee\nfour')).toBe('three\n');
		expect(stream.end()).toBe('four');
		expect(stream.end()).toBe('');
	});

	test('does not hold back endless output', () => {
		const stream = createStreamRedactor(redact);
		let shown = 0;
		for (let count = 0; count < 100; count++) {
			shown += stream.push('A'.repeat(2_000)).length;
		}

		expect(shown).toBeGreaterThan(180_000);
	});
});

function through(parts: readonly string[]): string {
	const stream = createStreamRedactor(redact);
	return parts.map(part => stream.push(part)).join('') + stream.end();
}

function chunks(text: string, size: number): readonly string[] {
	return Array.from({length: Math.ceil(text.length / size)}, (_, index) =>
		text.slice(index * size, (index + 1) * size),
	);
}

function cutAt(text: string, borders: readonly number[]): readonly string[] {
	const places = [0, ...borders.map(border => Math.min(border, text.length)), text.length].sort(
		(a, b) => a - b,
	);
	return places.map((place, index) => text.slice(place, places[index + 1] ?? text.length));
}
