/** Replaces secrets in a text. Idempotent; the same text gives the same result. */
export type Redact = (text: string) => string;

export const redactedMark = '[redacted]';

/*
 * Shapes of keys that vendors publish (prefix and alphabet), each without nested repetition so that
 * matching stays linear. Collected from the vendors' own documentation on key formats.
 */
const patterns: readonly RegExp[] = [
	/\bsk-(?:ant-|proj-|svcacct-|or-v1-)?[A-Za-z0-9_-]{20,}/g,
	/\bgh[pousr]_[A-Za-z0-9]{30,}/g,
	/\bgithub_pat_[A-Za-z0-9_]{40,}/g,
	/\bglpat-[A-Za-z0-9_-]{20,}/g,
	/\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
	/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
	/\bAIza[A-Za-z0-9_-]{35}/g,
	/\bnpm_[A-Za-z0-9]{36}/g,
	/\bhf_[A-Za-z0-9]{30,}/g,
	/\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,}/g,
	/\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
	/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*-----END [A-Z ]{0,30}PRIVATE KEY-----/g,
];

const urlPassword = /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:)[^\s/@]{1,200}@/g;

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
			encodeURIComponent(secret),
		])
		.sort((a, b) => b.length - a.length);
	return text => {
		let result = text;
		for (const value of values) {
			result = result.replaceAll(value, redactedMark);
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
 * Holds back the last word (up to 8,192 characters without white space) until it is complete, since
 * no secret that is looked for holds white space, private keys excepted, which come in whole texts.
 */
export function createStreamRedactor(redact: Redact): StreamRedactor {
	let held = '';
	return {
		push(chunk) {
			const text = held + chunk;
			const border = Math.max(lastWhiteSpace(text), text.length - longestWord);
			held = text.slice(border);
			return redact(text.slice(0, border));
		},
		end() {
			const rest = redact(held);
			held = '';
			return rest;
		},
	};
}

const longestWord = 8_192;

function lastWhiteSpace(text: string): number {
	for (let index = text.length - 1; index >= 0; index--) {
		if (/\s/.test(text.charAt(index))) {
			return index + 1;
		}
	}

	return 0;
}
