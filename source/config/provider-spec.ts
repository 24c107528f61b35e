import {providerTypes} from '../core/settings.ts';
import {UsageError} from '../core/usage-error.ts';
import {agentNamePattern, agentNameRule, type MemberConfig} from './team-config.ts';

/**
 * A provider as a person writes it on the command line: `TYPE[:MODEL][@URL]`, for a teammate with
 * `NAME=` before it. A model may hold colons and slashes: `ollama:qwen3:8b`,
 * `fast=openai:meta/llama-4@http://host:8000/v1`. Throws `UsageError`.
 */
export function parseProviderSpec(spec: string, flag: string): MemberConfig {
	const [, name, rest = ''] = /^(?:([^=:@]*)=)?(.*)$/s.exec(spec.trim()) ?? [];
	const [, type = '', model, baseUrl] =
		/^([^:@]*)(?::(.*?))?(?:@(https?:\/\/.*))?$/is.exec(rest) ?? [];
	if (/^[^:@]*@(?!https?:\/\/)/i.test(rest) || /@[\w.-]+:\d+(\/|$)/.test(rest)) {
		throw new UsageError(`${flag} ${spec}: write the address behind @ as http://host:port`);
	}

	const known = providerTypes.find(candidate => candidate === type);
	if (!known) {
		throw new UsageError(
			`${flag} ${spec}: there is no provider "${type}"`,
			`write TYPE[:MODEL], with a TYPE of: ${providerTypes.join(', ')}`,
		);
	}

	if (model === '') {
		throw new UsageError(`${flag} ${spec}: there is no model after the colon`);
	}

	if (name !== undefined && !agentNamePattern.test(name)) {
		throw new UsageError(`${flag} ${spec}: "${name}" is no name for an agent`, agentNameRule);
	}

	return {
		type: known,
		...(model === undefined ? {} : {model}),
		...(baseUrl === undefined ? {} : {baseUrl}),
		...(name === undefined ? {} : {name}),
	};
}
