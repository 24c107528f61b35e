import {z} from 'zod';
import type {Home} from './home.ts';
import {readJsonFile} from './json-file.ts';
import {providerConfigSchema} from './team-config.ts';

const userConfigSchema = z.object({
	/** What `create` uses when no provider is named. */
	defaultProvider: providerConfigSchema.optional(),
});

/** `config.json`: defaults of the person. */
export type UserConfig = z.infer<typeof userConfigSchema>;

export async function readUserConfig(home: Home): Promise<UserConfig> {
	return (await readJsonFile(home.configFile, userConfigSchema)) ?? {};
}
