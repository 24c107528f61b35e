import {providerPresets, type NamedProviders} from '../core/provider-presets.ts';
import {UsageError} from '../core/usage-error.ts';
import {resolveProvider} from './named-providers.ts';
import {agentNamePattern, agentNameRule, type MemberConfig} from './team-config.ts';

/**
 * Parses a provider from the command line: `TYPE[:MODEL][@URL]`, for a teammate with a `NAME=`
 * prefix. A model may contain colons and slashes: `ollama:qwen3:8b`,
 * `fast=openai:meta/llama-4@http://host:8000/v1`. Throws `UsageError`.
 */
export function parseProviderSpec(
	spec: string,
	flag: string,
	named: NamedProviders = providerPresets,
): MemberConfig {
	const [, name, rest = ''] = /^(?:([^=:@]*)=)?(.*)$/s.exec(spec.trim()) ?? [];
	const [, type = '', model, baseUrl] =
		/^([^:@]*)(?::(.*?))?(?:@(https?:\/\/.*))?$/is.exec(rest) ?? [];
	if (/^[^:@]*@(?!https?:\/\/)/i.test(rest) || /@[\w.-]+:\d+(\/|$)/.test(rest)) {
		throw new UsageError(`${flag} ${spec}: write the address after @ as http://host:port`);
	}

	try {
		resolveProvider(type, named);
	} catch (error) {
		throw error instanceof UsageError
			? new UsageError(`${flag} ${spec}: ${error.message}`, error.hint)
			: error;
	}

	if (model === '') {
		throw new UsageError(`${flag} ${spec}: the model after the colon is missing`);
	}

	if (name !== undefined && !agentNamePattern.test(name)) {
		throw new UsageError(`${flag} ${spec}: "${name}" is not a valid agent name`, agentNameRule);
	}

	return {
		type,
		...(model === undefined ? {} : {model}),
		...(baseUrl === undefined ? {} : {baseUrl}),
		...(name === undefined ? {} : {name}),
	};
}
