import {z} from 'zod';
import {createRedactor} from '../core/redact.ts';
import {requestOptionsSchema} from '../core/settings.ts';

/** As allowed by HTTP: https://www.rfc-editor.org/rfc/rfc9110#section-5 */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;
const headerValue = /^[\t\u0020-\u007E\u0080-\u00FF]*$/;

/**
 * Whether the value of a header or query parameter is a secret, by its name or its form, and not a
 * reference to a variable: it would end up in the log.
 */
export function holdsSecret(name: string, value: string): boolean {
	return (isSecretName(name) && !value.includes('$')) || redactKeys(value) !== value;
}

/** Whether a header or query parameter of that name carries a key or another secret. */
export function isSecretName(name: string): boolean {
	return /auth|key|token|secret|cookie|password|credential|signature/i.test(name);
}

const redactKeys = createRedactor([]);

function containsKey(values: Readonly<Record<string, string>>): boolean {
	return Object.entries(values).some(([name, value]) => holdsSecret(name, value));
}

export function isVariableName(name: string): boolean {
	return variableName.test(name);
}

const variableName = /^[A-Za-z_]\w*$/;

const noKey = 'holds a key; put the key into an environment variable, and write $NAME instead';

export const headersSchema = z
	.record(z.string(), z.string().regex(headerValue, 'a value is one line of Latin-1 characters'))
	.refine(
		headers => Object.keys(headers).every(name => headerName.test(name)),
		'names consist of letters, digits and "-"',
	)
	.refine(headers => !containsKey(headers), noKey);

function notAnAddress({input}: {readonly input?: unknown}): string | undefined {
	return typeof input === 'string' ? 'must be an address like https://host/v1' : undefined;
}

/** Without a password: keys come only from the environment. */
export const baseUrlSchema = z
	.url({protocol: /^https?$/, error: notAnAddress})
	.refine(url => !/^https?:\/\/[^/]*@/i.test(url), 'keys come only from the environment')
	.refine(url => !/[?#]/.test(url), 'must not contain "?" or "#": use query');

export const keyVariableSchema = z
	.string()
	.regex(variableName, 'must be the name of an environment variable, not a key');

export const querySchema = z
	.record(z.string(), z.string())
	.refine(query => !containsKey(query), noKey);

export const providerConfigSchema = requestOptionsSchema.extend({
	/** A type of provider, a preset, or a name from `providers` of the user's config. */
	type: z
		.string()
		.regex(/^[a-z][a-z0-9_-]{0,31}$/, 'is a type of provider, or the name of a service'),
	/** Absent: the provider's default; for local servers, the available model. */
	model: z
		.string()
		.min(1)
		.max(200)
		.regex(/^[^\p{Cc}\p{Cf}]+$/u, 'must not contain control characters')
		.optional(),
	baseUrl: baseUrlSchema.optional(),
	/** Sent with every request; `$NAME` in a value is replaced by the environment variable. */
	headers: headersSchema.optional(),
	/** Added to the address of every request; `$NAME` is replaced as in headers. */
	query: querySchema.optional(),
	keyVariable: keyVariableSchema.optional(),
	/** Context size to request from a local server, in tokens. */
	contextTokens: z.number().int().min(1_024).max(10_000_000).optional(),
	/** Concurrent calls to this endpoint. Default: as the server reports, unlimited for vendors. */
	parallelCalls: z.number().int().min(1).max(1_000).optional(),
});

/** A provider in a team's file. */
export type ProviderConfig = z.infer<typeof providerConfigSchema>;
