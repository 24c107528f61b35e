import {ok, warning, type Finding} from './finding.ts';
import {ProviderError, type Health} from '../provider.ts';

/** Whether the server is reachable. Throws its failure. */
export function checkReachable(health: Health): Finding {
	switch (health.state) {
		case 'up':
			return ok(health.version === undefined ? 'it responds' : `version ${health.version}`);
		case 'loading':
			return warning('loading its model', 'wait until the model is loaded, then try again');
		case 'unauthorized':
			return health.message.includes('with status')
				? ok('it responds')
				: warning('not tried: there is no usable key');
		case 'down':
			if (lacksModelList(health)) {
				return warning('it responds, but has no model list');
			}

			throw new ProviderError(health.kind, health.message, {
				hint: health.hint,
				status: health.status,
			});
	}
}

/** Some gateways serve models without listing them; an HTML page is not from a gateway. */
export function lacksModelList(health: Health | undefined): boolean {
	return (
		health?.state === 'down' &&
		(health.status === 404 || health.status === 405) &&
		!health.message.includes('HTML page')
	);
}

/** Whether the server grants access. Throws kind `auth`. */
export function checkAuthenticated(health: Health | undefined): Finding {
	if (health?.state === 'unauthorized') {
		throw new ProviderError('auth', health.message, {hint: health.hint});
	}

	if (health?.state === 'up') {
		return ok('access granted');
	}

	return warning(
		health?.state === 'loading' ? 'unknown until its model is loaded' : 'unknown until it responds',
	);
}
