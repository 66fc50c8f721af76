/** A name of an image, in its parts: `registry:5000/shop/api:1.2@sha256:…`. */
export interface Reference {
	readonly repository: string;
	readonly tag?: string;
	readonly digest?: string;
}

/** `undefined` for an image's id, which belongs to no repository. */
export function parseReference(image: string): Reference | undefined {
	if (/^(sha256:)?[0-9a-f]{64}$/.test(image) || image === '' || image.startsWith('<none>')) {
		return undefined;
	}
	const [named = '', digest] = image.split('@');
	// A colon before the last slash belongs to the registry's port.
	const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
	const repository = colon === -1 ? named : named.slice(0, colon);
	const tag = colon === -1 ? undefined : named.slice(colon + 1);
	return { repository: shortRepository(repository), ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** The public registry's own prefixes may be left out, and the engine leaves them out. */
const shortRepository = (repository: string): string => repository.replace(/^docker\.io\//, '').replace(/^library\//, '');

/** An id as people read it. */
export const shortImage = (imageId: string): string => imageId.replace(/^sha256:/, '').slice(0, 12);
