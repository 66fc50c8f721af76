import type { ParamType } from '../../domain/playbook/param.ts';

/** Longest value of a parameter, bytes. */
export const maxParamBytes = 4096;

const containerName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/;
const control = /[\p{Cc}\u2028\u2029]/u;
/** Grammar of an image reference: registry with port, path, tag, digest (distribution/reference). */
const imageReference =
	/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[a-z0-9]+:[a-f0-9]{32,128})?$/;

const checkUrl = (value: string): string | undefined => {
	if (/\s/.test(value) || control.test(value) || value.includes('\\')) return 'an address without blanks, control characters or backslashes';
	if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || !URL.canParse(value)) return 'an address such as https://host:8443/path';
	if (new URL(value).password !== '') return 'an address without a password: values are recorded, so make it a parameter of type secret';
	return undefined;
};

const checkPath = (value: string): string | undefined => {
	if (control.test(value)) return 'a path without control characters';
	if (value.startsWith('~')) return 'a whole path: ~ is not expanded';
	return undefined;
};

/** What was expected, where a text is not of its type; `undefined` where it is. */
export const unlike = (type: ParamType, value: string): string | undefined => {
	if (value.includes('\0')) return 'a value without NUL bytes';
	if (!value.isWellFormed()) return 'well-formed text';
	if (Buffer.byteLength(value, 'utf8') > maxParamBytes) return `at most ${maxParamBytes} bytes`;
	// A password may begin with a dash: it reaches programs as an environment variable, never as an argument of its own.
	if (value.startsWith('-') && type !== 'secret' && type !== 'integer' && type !== 'number') return 'a value that does not begin with a dash: a program would read it as an option';
	switch (type) {
		case 'container':
			return containerName.test(value) ? undefined : 'the name of a container: letters, digits, _ . and -';
		case 'service':
			return control.test(value) ? 'the id of a service, without control characters' : undefined;
		case 'path':
			return checkPath(value);
		case 'url':
			return checkUrl(value);
		case 'image':
			return imageReference.test(value) ? undefined : 'an image such as registry/name:tag';
		default:
			return undefined;
	}
};
