import {parseAddress} from './address.ts';
import {BlockList, isIP} from 'node:net';
import type {Environment} from '../../core/environment.ts';
import {sanitizeLine, shorten} from '../../core/text.ts';
import {ProviderError, type Proxy} from '../provider.ts';

/**
 * The proxy for an address, as in other programs: `HTTPS_PROXY` or `HTTP_PROXY` by its scheme, `ALL_PROXY`
 * otherwise, in small letters first, except what `NO_PROXY` lists (hosts, domains, addresses with ports,
 * networks). This machine is always reached directly. Throws kind `bad-request` if the variable does not hold
 * the URL of a proxy.
 */
export function proxyFor(address: string, environment: Environment): Proxy | undefined {
	const url = URL.parse(address);
	if (url === null || isLoopback(url.hostname) || isExcluded(url, environment)) {
		return undefined;
	}

	const names = url.protocol === 'https:' ? ['https_proxy', 'http_proxy'] : ['http_proxy'];
	for (const name of [...names, 'all_proxy'].flatMap(each => [each, each.toUpperCase()])) {
		const value = environment[name]?.trim();
		if (value !== undefined && value !== '') {
			return parseProxy(value, name);
		}
	}

	return undefined;
}

/** The proxies for other machines, by scheme. Throws as `proxyFor` does. */
export function proxiesOf(environment: Environment): readonly Proxy[] {
	const elsewhere = {...environment, no_proxy: ''};
	const found = ['http', 'https'].flatMap(
		scheme => proxyFor(`${scheme}://other.invalid`, elsewhere) ?? [],
	);
	return found.filter(({from}, index) => found.findIndex(other => other.from === from) === index);
}

function parseProxy(value: string, from: string): Proxy {
	const url = parseAddress(value);
	if (url === null || !/^(https?|socks5?):$/.test(url.protocol) || url.hostname === '') {
		const shown = shorten(sanitizeLine(value.replace(/\/\/.*@/, '//…@')), 100);
		throw new ProviderError('bad-request', `${from} is not the URL of a proxy: "${shown}".`, {
			hint: `set ${from} to an address like http://proxy:3128, or unset it`,
		});
	}

	return {url: url.href, shown: `${url.protocol}//${url.host}`, from};
}

function isLoopback(hostname: string): boolean {
	return (
		/^(.*\.)?localhost$/.test(hostname) ||
		hostname === '[::1]' ||
		(isIP(hostname) === 4 && hostname.startsWith('127.'))
	);
}

function isExcluded({hostname, port, protocol}: URL, environment: Environment): boolean {
	const list = environment['no_proxy'] ?? environment['NO_PROXY'] ?? '';
	const effectivePort = port || (protocol === 'https:' ? '443' : '80');
	return list
		.toLowerCase()
		.split(/[,\s]+/)
		.filter(entry => entry !== '')
		.some(entry => {
			const [, host = '', wanted] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
			return (
				entry === '*' ||
				isInNetwork(hostname, entry) ||
				((wanted === undefined || wanted === effectivePort) && isWithin(hostname, host))
			);
		});
}

/** Whether a host is that host, or one below it: `example.com`, `.example.com`, `*.example.com`. */
function isWithin(hostname: string, entry: string): boolean {
	const domain = entry.replace(/^\*?\./, '');
	return hostname === domain || hostname.endsWith(`.${domain}`);
}

/** Whether an address is in a network like `10.0.0.0/8`. */
function isInNetwork(hostname: string, entry: string): boolean {
	const [, network = '', bits = ''] = /^([\da-f.:]+)\/(\d{1,3})$/.exec(entry) ?? [];
	const address = hostname.replace(/^\[|\]$/g, '');
	const version = isIP(network);
	if (version === 0 || version !== isIP(address) || Number(bits) > (version === 4 ? 32 : 128)) {
		return false;
	}

	const type = version === 4 ? 'ipv4' : 'ipv6';
	const list = new BlockList();
	list.addSubnet(network, Number(bits), type);
	return list.check(address, type);
}
