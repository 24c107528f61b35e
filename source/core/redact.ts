import type {Json} from './json.ts';

/** Replaces secrets in a text. Idempotent; the same text gives the same result. */
export type Redact = (text: string) => string;

export const redactedMark = '[redacted]';

/*
 * Shapes of keys that vendors publish (prefix and alphabet), collected from the vendors' own
 * documentation on key formats. Each takes time linear in the text: none repeats within a repetition,
 * and none that can fail at its far end can begin anew inside of what it has read. So the header of a
 * JSON Web Token, which is no secret, stays, and is only looked back at from the dot behind it.
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

/* What every one of these shapes, and a URL, holds: most texts are done after this one look. No `task-`. */
const anyShape =
	/\b(?:sk-|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|AKIA|ASIA|AIza|npm_|hf_|[rs]k_|eyJ)|-----BEGIN|:\/\//;

/*
 * No user name and no password in a URL holds what ends a string or begins an object: the text behind
 * an address with a port, in JSON or source code, is no password.
 */
const urlPassword = /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'`\\{}]{0,200}:)[^\s/@"'`\\{}]{1,200}@/g;

const shortestSecret = 8;

/**
 * A redactor for known values first (as they are, in base64 and URL-encoded), then for well-known
 * shapes of keys and passwords in URLs. Values of less than 8 characters are not looked for.
 */
export function createRedactor(secrets: readonly string[]): Redact {
	const values = [...new Set(secrets.map(secret => secret.trim()))]
		.filter(secret => secret.length >= shortestSecret)
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

		if (!anyShape.test(result)) {
			return result;
		}

		for (const pattern of patterns) {
			result = result.replaceAll(pattern, redactedMark);
		}

		return result.replaceAll(urlPassword, `$1${redactedMark}@`);
	};
}

/** Redacts a text that comes in pieces, so that a secret across a border is still found. */
export type StreamRedactor = {
	/** What can be shown so far. */
	push(chunk: string): string;
	/** The rest, at the end. */
	end(): string;
};

/**
 * Holds back the last word until it is complete, since no secret that is looked for holds white
 * space, private keys excepted, which come in whole texts. A word of more than 8,192 characters is
 * cut, but not within a secret (of up to 4,096 characters).
 */
export function createStreamRedactor(redact: Redact): StreamRedactor {
	/** Never holds white space. */
	let held = '';
	let longest = longestWord;
	return {
		push(chunk) {
			const text = held + chunk;
			const afterSpace = endOfLastSpace(chunk);
			const start = afterSpace === 0 ? 0 : held.length + afterSpace;
			const tooLong = text.length - start > longest;
			const border = tooLong ? start + borderInWord(text.slice(start), redact) : start;
			if (border > 0) {
				longest = longestWord;
			} else if (tooLong) {
				// Whatever is one long secret so far is looked at again when it has doubled.
				longest *= 2;
			}

			held = text.slice(border);
			return redact(text.slice(0, border));
		},
		end() {
			const rest = redact(held);
			held = '';
			longest = longestWord;
			return rest;
		},
	};
}

const longestWord = 8_192;
const longestSecret = 4_096;
const longestHeld = 64 * 1_024;

/** A place at which a long word can be cut without cutting a secret; 0 when there is none yet. */
function borderInWord(word: string, redact: Redact): number {
	const whole = redact(word);
	const last = word.length - longestSecret;
	for (let border = last; border > last - longestSecret; border -= 256) {
		if (redact(word.slice(0, border)) + redact(word.slice(border)) === whole) {
			return border;
		}
	}

	return word.length > longestHeld ? word.length : 0;
}

function endOfLastSpace(text: string): number {
	for (let index = text.length - 1; index >= 0; index--) {
		if (/\s/.test(text.charAt(index))) {
			return index + 1;
		}
	}

	return 0;
}

/** A JSON value of which every text is redacted. */
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
