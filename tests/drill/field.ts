/** A field of something that came as JSON; `undefined` where there is none. */
export const field = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined);
