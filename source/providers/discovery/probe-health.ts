import {ok, warning, type Finding} from './finding.ts';
import {ProviderError, type Health} from '../provider.ts';

/** Whether there is a server. Throws what it failed with. */
export function reached(health: Health): Finding {
	switch (health.state) {
		case 'up':
			return ok(health.version === undefined ? 'it answers' : `version ${health.version}`);
		case 'loading':
			return warning('it is loading its model', 'wait until the model is loaded, then try again');
		case 'unauthorized':
			return health.message.includes('with status')
				? ok('it answers')
				: warning('nothing was sent: without a usable key it could only be refused');
		case 'down':
			if (hasNoList(health)) {
				return warning('it answers, but has no list of models');
			}

			throw new ProviderError(health.kind, health.message, {
				hint: health.hint,
				status: health.status,
			});
	}
}

/** Some gateways serve models and no list of them; a page for people is no gateway. */
export function hasNoList(health: Health | undefined): boolean {
	return (
		health?.state === 'down' &&
		(health.status === 404 || health.status === 405) &&
		!health.message.includes('HTML page')
	);
}

/** Whether the server lets us in. Throws kind `auth`. */
export function admitted(health: Health | undefined): Finding {
	if (health?.state === 'unauthorized') {
		throw new ProviderError('auth', health.message, {hint: health.hint});
	}

	if (health?.state === 'up') {
		return ok('it lets us in');
	}

	return warning(
		health?.state === 'loading'
			? 'not known before its model is loaded'
			: 'not known before it answers',
	);
}
