import type {Json} from './json.ts';

/** Replaces secrets in a text. Idempotent and deterministic. */
export type Redact = (text: string) => string;

const redactedMark = '[redacted]';

/*
 * Key formats that vendors publish (prefix and alphabet), collected from the vendors'
 * documentation. Each pattern takes linear time: none nests repetitions, and none that can fail at
 * its far end can match again inside what it has read. That is why the header of a JSON Web Token,
 * which is not a secret, is only matched by a lookbehind.
 */
const patterns: readonly RegExp[] = [
	/\bsk-(?:ant-|proj-|svcacct-|or-v1-)?[A-Za-z0-9_-]{20,}/g,
	/\bgh[pousr]_[A-Za-z0-9]{30,}/g,
	/\bgithub_pat_[A-Za-z0-9_]{40,}/g,
	/\bglpat-[A-Za-z0-9_-]{20,}/g,
	/\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
	/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
	/\bAIza[A-Za-z0-9_-]{35,}/g,
	/\bnpm_[A-Za-z0-9]{36,}/g,
	/\bhf_[A-Za-z0-9]{30,}/g,
	/\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,}/g,
	/(?<=\beyJ[A-Za-z0-9_-]{10,})\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
	/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*-----END [A-Z ]{0,30}PRIVATE KEY-----/g,
];

/*
 * A cheap test that every key format and URL passes: most texts are done after it. `task-` does not
 * match.
 */
const anyPattern =
	/\b(?:sk-|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|AKIA|ASIA|AIza|npm_|hf_|[rs]k_|eyJ)|-----BEGIN|:\/\//;

/*
 * A user name or password in a URL contains no character that ends a string or begins an object:
 * the text after an address with a port, in JSON or source code, is not a password.
 */
const urlPassword = /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'`\\{}]{0,200}:)[^\s/@"'`\\{}]{1,200}@/g;

const minSecret = 8;

/**
 * Redacts known values first (plain, base64 and URL-encoded), then well-known key formats and
 * passwords in URLs. Values shorter than 8 characters are ignored.
 */
export function createRedactor(secrets: readonly string[]): Redact {
	const values = [...new Set(secrets.map(secret => secret.trim()))]
		.filter(secret => secret.length >= minSecret)
		.flatMap(secret => [
			secret,
			Buffer.from(secret).toString('base64').replace(/=+$/, ''),
			encodeURIComponent(secret.toWellFormed()),
		])
		.sort((a, b) => b.length - a.length);
	return text => {
		let result = text;
		for (const value of values) {
			result = result.replaceAll(value, redactedMark);
		}

		if (!anyPattern.test(result)) {
			return result;
		}

		for (const pattern of patterns) {
			result = result.replaceAll(pattern, redactedMark);
		}

		return result.replaceAll(urlPassword, `$1${redactedMark}@`);
	};
}

/** Redacts a text that arrives in chunks; secrets that span chunks are still found. */
export type StreamRedactor = {
	/** Returns what can be shown so far. */
	push(chunk: string): string;
	/** Returns the rest. */
	end(): string;
};

/**
 * Holds back the last word until it is complete, since no secret contains white space, except for
 * private keys, which arrive in complete texts. A word of more than 8,192 characters is cut, but
 * not within a secret (of up to 4,096 characters).
 */
export function createStreamRedactor(redact: Redact): StreamRedactor {
	/** Never contains white space. */
	let held = '';
	let longest = maxWord;
	return {
		push(chunk) {
			const text = held + chunk;
			const afterSpace = endOfLastSpace(chunk);
			const start = afterSpace === 0 ? 0 : held.length + afterSpace;
			const tooLong = text.length - start > longest;
			const border = tooLong ? start + findSafeCut(text.slice(start), redact) : start;
			if (border > 0) {
				longest = maxWord;
			} else if (tooLong) {
				// A text that is one long secret so far is examined again when it has doubled.
				longest *= 2;
			}

			held = text.slice(border);
			return redact(text.slice(0, border));
		},
		end() {
			const rest = redact(held);
			held = '';
			longest = maxWord;
			return rest;
		},
	};
}

const maxWord = 8_192;
const maxSecret = 4_096;
const maxHeld = 64 * 1_024;

/** A position where a long word can be cut without cutting a secret; 0: none yet. */
function findSafeCut(word: string, redact: Redact): number {
	const whole = redact(word);
	const last = word.length - maxSecret;
	for (let border = last; border > last - maxSecret; border -= 256) {
		if (redact(word.slice(0, border)) + redact(word.slice(border)) === whole) {
			return border;
		}
	}

	return word.length > maxHeld ? word.length : 0;
}

function endOfLastSpace(text: string): number {
	for (let index = text.length - 1; index >= 0; index--) {
		if (/\s/.test(text.charAt(index))) {
			return index + 1;
		}
	}

	return 0;
}

/** A JSON value with all its texts redacted. */
export function redactTexts(value: Json, redact: Redact): Json {
	if (typeof value === 'string') {
		return redact(value);
	}

	if (Array.isArray(value)) {
		return value.map(item => redactTexts(item, redact));
	}

	return typeof value === 'object' && value !== null
		? Object.fromEntries(
				Object.entries(value).map(([name, field]) => [name, redactTexts(field, redact)]),
			)
		: value;
}
