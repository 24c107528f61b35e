/** An address as people write it: without a scheme, it is `http`. `null` if it is not a URL. */
export function parseAddress(written: string): URL | null {
	return URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`);
}

/** Whether everyone on the way can read what is sent there: plain HTTP beyond this machine and its network. */
export function isExposed({protocol, hostname}: URL): boolean {
	const isNear =
		nearNumbers.test(hostname) ||
		/^\[(::1\]|f[cde])/.test(hostname) ||
		/^[^.:]+$|\.(local|internal|lan|localhost)$/.test(hostname);
	return protocol === 'http:' && !isNear;
}

/** Private networks: https://www.rfc-editor.org/rfc/rfc1918#section-3 */
const nearNumbers = /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))(\.\d+){2,3}$/;
