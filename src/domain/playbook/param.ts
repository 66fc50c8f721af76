/** What may be given for a parameter. */
export type ParamType =
	/** A container's name. Filled in from the service the playbook is started on. */
	| 'container'
	/** A service's id. Filled in likewise. */
	| 'service'
	| 'text'
	| 'integer'
	| 'number'
	| 'boolean'
	/** A file or folder. */
	| 'path'
	| 'url'
	/** An image reference. */
	| 'image'
	/** One of `choices`. */
	| 'choice'
	/** Prompted with echo off, never stored, asked again on resume. */
	| 'secret';

export type ParamValue = string | number | boolean;

/** One thing a playbook wants to know before it runs. */
export interface Param {
	readonly type: ParamType;
	readonly title?: string;
	/** Absent: it must be given. */
	readonly default?: ParamValue;
	/** JavaScript regular expression, anchored by the reader: the whole value must match. */
	readonly pattern?: string;
	/** For `choice`. */
	readonly choices?: readonly string[];
	/** For numbers, inclusive. */
	readonly min?: number;
	readonly max?: number;
	/** True where the playbook may run without it; it is then the empty text. */
	readonly optional: boolean;
}
