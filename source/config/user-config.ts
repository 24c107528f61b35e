import {z} from 'zod';
import type {Home} from './home.ts';
import {requireProvider} from './named-providers.ts';
import {readJsonFile} from './json-file.ts';
import type {NamedProviders} from '../core/provider-presets.ts';
import {providerConfigSchema} from './provider-config.ts';
import {servicesSchema, withPresets} from './services.ts';

/** US dollars per million tokens; more must be a typo. */
const price = z.number().nonnegative().max(1e6);

const userConfigSchema = z.object({
	/** What `create` uses if no provider is named. */
	defaultProvider: providerConfigSchema.optional(),
	/** Services that speak a provider's protocol, by the name that `--provider` accepts. */
	providers: servicesSchema.optional(),
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
		const named = withPresets(config.providers);
		requireProvider(config.defaultProvider.type, named, home.configFile, 'defaultProvider.type');
	}

	return config;
}

/** The presets, and the person's own services, which come first. */
export async function readNamedProviders(home: Home): Promise<NamedProviders> {
	return withPresets((await readUserConfig(home)).providers);
}
