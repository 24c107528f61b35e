import {z} from 'zod';
import {
	presetOf,
	priceLists,
	providerPresets,
	type NamedProvider,
	type NamedProviders,
} from '../core/provider-presets.ts';
import {atAddress} from '../core/service-address.ts';
import {dialectNames, isProviderType, providerTypes} from '../core/settings.ts';
import {baseUrlSchema, headersSchema, keyVariableSchema, querySchema} from './provider-config.ts';

const serviceSchema = z.strictObject({
	/** Default: the preset's of the same name. */
	type: z.enum(providerTypes).exclude(['demo']).optional(),
	/** Default: the preset's of the same name. */
	baseUrl: baseUrlSchema.optional(),
	keyVariable: keyVariableSchema.optional(),
	/** Which dialect of the chat completions API it speaks, if its address does not tell. */
	dialect: z.enum(dialectNames).optional(),
	/** The price list that applies. Default: the preset's, at its own address only. */
	priceList: z.enum(priceLists).optional(),
	headers: headersSchema.optional(),
	query: querySchema.optional(),
});

type ServiceConfig = z.infer<typeof serviceSchema>;

/** `providers` of `config.json`: services by the name that `--provider` accepts. */
export const servicesSchema = z
	.record(
		z
			.string()
			.regex(/^[a-z][a-z0-9_-]{0,31}$/, 'a name has lower-case letters, digits, "-" and "_"'),
		serviceSchema,
	)
	.superRefine((services, context) => {
		for (const [name, service] of Object.entries(services)) {
			const problem = problemOf(name, service);
			if (problem) {
				context.addIssue({code: 'custom', ...problem, path: [name, ...problem.path]});
			}
		}
	});

/** The presets; a service of the person changes the fields of one, or comes on top. */
export function withPresets(
	services: Readonly<Record<string, ServiceConfig>> = {},
): NamedProviders {
	const own = Object.entries(services).flatMap(([name, service]) => {
		const whole = complete(name, service);
		return whole ? [[name, whole] as const] : [];
	});
	return {...providerPresets, ...Object.fromEntries(own)};
}

function complete(name: string, service: ServiceConfig): NamedProvider | undefined {
	const preset = presetOf(name);
	const type = service.type ?? preset?.type;
	const base = preset && atAddress(preset, service.baseUrl);
	return type && {...base, ...service, type, isConfigured: true};
}

function problemOf(
	name: string,
	{type, baseUrl, dialect}: ServiceConfig,
): {readonly path: readonly string[]; readonly message: string} | undefined {
	const preset = presetOf(name);
	if (isProviderType(name)) {
		return {path: [], message: 'a name must not be that of a type of provider'};
	}

	if ((type ?? preset?.type) === undefined) {
		return {path: ['type'], message: `${name} has no type; set it, for example to "openai"`};
	}

	if ((baseUrl ?? preset?.baseUrl ?? preset?.baseUrlVariable) === undefined) {
		return {path: ['baseUrl'], message: `${name} has no address; set baseUrl`};
	}

	return dialect !== undefined && (type ?? preset?.type) !== 'openai'
		? {path: ['dialect'], message: 'a dialect is for the type "openai" only'}
		: undefined;
}
