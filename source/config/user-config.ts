import {z} from 'zod';
import type {Home} from './home.ts';
import {requireProvider} from './named-providers.ts';
import {readJsonFile} from './json-file.ts';
import {providerPresets, type NamedProviders} from '../core/provider-presets.ts';
import {providerTypes} from '../core/settings.ts';
import {
	baseUrlSchema,
	headersSchema,
	keyVariableSchema,
	providerConfigSchema,
	querySchema,
} from './provider-config.ts';

/** US dollars per million tokens; more must be a typo. */
const price = z.number().nonnegative().max(1e6);

const userConfigSchema = z.object({
	/** What `create` uses if no provider is named. */
	defaultProvider: providerConfigSchema.optional(),
	/** Services that speak a provider's protocol, by the name that `--provider` accepts. */
	providers: z
		.record(
			z
				.string()
				.regex(/^[a-z][a-z0-9_-]{0,31}$/, 'a name has lower-case letters, digits, "-" and "_"'),
			z.strictObject({
				type: z.enum(providerTypes).exclude(['demo']),
				baseUrl: baseUrlSchema,
				keyVariable: keyVariableSchema.optional(),
				headers: headersSchema.optional(),
				query: querySchema.optional(),
			}),
		)
		.refine(
			providers => !Object.keys(providers).some(name => providerTypes.some(type => type === name)),
			'a name must not be that of a type of provider',
		)
		.optional(),
	/** The person's own prices in US dollars per million tokens, by `model` or `provider/model`. */
	prices: z
		.record(
			z.string(),
			z.strictObject({
				input: price,
				output: price,
				cacheRead: price.optional(),
				cacheWrite: price.optional(),
			}),
		)
		.optional(),
});

/** `config.json`: the person's defaults. */
export type UserConfig = z.infer<typeof userConfigSchema>;

export async function readUserConfig(home: Home): Promise<UserConfig> {
	const config = (await readJsonFile(home.configFile, userConfigSchema)) ?? {};
	if (config.defaultProvider) {
		const named = {...providerPresets, ...config.providers};
		requireProvider(config.defaultProvider.type, named, home.configFile, 'defaultProvider.type');
	}

	return config;
}

/** The presets, and the person's own services, which come first. */
export async function readNamedProviders(home: Home): Promise<NamedProviders> {
	return {...providerPresets, ...(await readUserConfig(home)).providers};
}
