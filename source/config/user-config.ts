import {z} from 'zod';
import type {Home} from './home.ts';
import {readJsonFile} from './json-file.ts';
import {providerConfigSchema} from './team-config.ts';

/** US dollars per million tokens; more must be a typo. */
const price = z.number().nonnegative().max(1e6);

const userConfigSchema = z.object({
	/** What `create` uses if no provider is named. */
	defaultProvider: providerConfigSchema.optional(),
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
	return (await readJsonFile(home.configFile, userConfigSchema)) ?? {};
}
