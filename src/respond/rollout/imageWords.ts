/** An image id as people compare them. */
export const shortId = (imageId: string): string => imageId.replace(/^sha256:/, '').slice(0, 12);

/** Whether an image is named by its id: no registry knows it by that. */
export const isId = (image: string): boolean => /^(?:sha256:)?[0-9a-f]{12,64}$/.test(image);

/** A version as a person says it: its name, or the short form of its id. */
export const imageWords = ({ image, imageId }: { readonly image: string; readonly imageId: string }): string => (isId(image) || image === '' ? shortId(imageId === '' ? image : imageId) : image);
