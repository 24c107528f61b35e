/** An address as people write it: without a scheme, it is `http`. `null` if it is not a URL. */
export function parseAddress(written: string): URL | null {
	return URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`);
}
