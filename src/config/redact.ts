const hidden = '***';

/** An address without its credentials: password, user, and values in the query that look like keys. */
export const redactUrl = (address: string): string => {
	if (!URL.canParse(address)) return address.replaceAll(/\/\/[^/@\s]*@/g, `//${hidden}@`);
	const url = new URL(address);
	if (url.username !== '' || url.password !== '') {
		// A user of an ssh address is who we are, and no secret; a password is.
		url.username = url.protocol === 'ssh:' && url.password === '' ? url.username : hidden;
		url.password = '';
	}
	for (const key of new Set(url.searchParams.keys())) if (/key|token|secret|pass|sig|auth/i.test(key)) url.searchParams.set(key, hidden);
	const text = url.toString();
	// URL adds a slash to a bare host, which nobody wrote.
	return url.pathname === '/' && !/\/(?:[?#]|$)/.test(address.slice(address.indexOf('//') + 2)) ? text.replace(/\/(?=[?#]|$)/, '') : text;
};

/** Text with every address in it made free of credentials. */
export const redactText = (text: string): string => text.replaceAll(/[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, (address) => redactUrl(address));
