import manifest from '../../package.json' with { type: 'json' };

/** sitrep's own version, from its manifest. */
export const version: string = manifest.version;
