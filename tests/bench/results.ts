import { readFile } from 'node:fs/promises';
import { field } from '../drill/field.ts';
import type { Figure, Outcome } from './figure.ts';
import type { Measured } from './report.ts';

/** What a run of the bench has measured. */
export interface BenchResults {
	/** What it ran on, a fact a line. */
	readonly machine: readonly string[];
	/** `2026-11-21` */
	readonly date: string;
	readonly measured: readonly Measured[];
	/** Ids of figures that could not be measured. */
	readonly failed: readonly string[];
}

/** As one line of JSON, schema version 1. */
export const benchJson = ({ machine, date, measured, failed }: BenchResults): string =>
	JSON.stringify({ schemaVersion: 1, machine, date, measured: measured.map(({ figure, outcomes }) => ({ id: figure.id, outcomes })), failed });

/** @throws Error where the text is not what `benchJson` writes */
export const benchOf = (text: string, figures: readonly Figure[]): BenchResults => {
	const read: unknown = JSON.parse(text);
	if (field(read, 'schemaVersion') !== 1) throw new Error('not the figures of a bench: schemaVersion 1 is missing');
	// Written by benchJson, in this version of it.
	const { machine, date, measured, failed } = read as Omit<BenchResults, 'measured'> & { readonly measured: readonly { readonly id: string; readonly outcomes: readonly Outcome[] }[] };
	const known = measured.flatMap(({ id, outcomes }) => {
		const figure = figures.find((each) => each.id === id);
		return figure === undefined ? [] : [{ figure, outcomes }];
	});
	return { machine, date, measured: known, failed };
};

/** Several runs as one, in the order of the page; a figure that several of them measured is taken from the last one. @param parts at least one */
export const joinBench = (parts: readonly BenchResults[], figures: readonly Figure[]): BenchResults => {
	const measured = figures.flatMap((figure) => parts.flatMap((part) => part.measured.filter((each) => each.figure === figure)).slice(-1));
	const done = new Set(measured.map(({ figure }) => figure.id));
	return {
		machine: parts.at(-1)?.machine ?? [],
		date: parts.map(({ date }) => date).toSorted().at(-1) ?? '',
		measured,
		failed: [...new Set(parts.flatMap(({ failed }) => failed))].filter((id) => !done.has(id)),
	};
};

export const readBench = async (files: readonly string[], figures: readonly Figure[]): Promise<BenchResults> => joinBench(await Promise.all(files.map(async (file) => benchOf(await readFile(file, 'utf8'), figures))), figures);
