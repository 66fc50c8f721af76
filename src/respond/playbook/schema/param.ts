import { z } from 'zod';
import { line, word } from './names.ts';

export const paramSchema = z.strictObject({
	type: z
		.enum(['container', 'service', 'text', 'integer', 'number', 'boolean', 'path', 'url', 'image', 'choice', 'secret'])
		.meta({ description: 'What may be given. `container` and `service` are filled in from the service the playbook is started on; a `secret` is asked for with echo off and never stored.' }),
	title: line().exactOptional().meta({ description: 'What it is, in words. Default: its name.' }),
	default: z.union([z.string(), z.number(), z.boolean()]).exactOptional().meta({ description: 'Value where none is given. Without one it must be given. Not for a `secret`.' }),
	pattern: line(500).exactOptional().meta({ description: 'Regular expression that the whole value must match.' }),
	choices: z.array(line()).min(1).max(50).exactOptional().meta({ description: 'For `choice`: what may be chosen.' }),
	min: z.number().exactOptional().meta({ description: 'For numbers: the least.' }),
	max: z.number().exactOptional().meta({ description: 'For numbers: the most.' }),
	optional: z.boolean().exactOptional().meta({ description: 'It may be left out, and is then the empty text. Default false.' }),
});

export const paramsSchema = z.record(word(), paramSchema);

export type ParamSource = z.output<typeof paramSchema>;
