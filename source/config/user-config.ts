import {z} from 'zod';
import type {Home} from './home.ts';
import {readJsonFile} from './json-file.ts';
import {providerConfigSchema} from './team-config.ts';

/** US dollars for a million tokens; more is a slip of the pen. */
const price = z.number().nonnegative().max(1e6);

const userConfigSchema = z.object({
	/** What `create` uses when no provider is named. */
	defaultProvider: providerConfigSchema.optional(),
	/** Prices of the person's own in US dollars for a million tokens, by `model` or `provider/model`. */
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

/** `config.json`: defaults of the person. */
export type UserConfig = z.infer<typeof userConfigSchema>;

export async function readUserConfig(home: Home): Promise<UserConfig> {
	return (await readJsonFile(home.configFile, userConfigSchema)) ?? {};
}
