import { Argument, Option, type Command } from 'commander';
import { examples } from '../examples.ts';
import { exitCodes } from '../exitCodes.ts';
import { globalsOf } from '../globals.ts';
import type { CliContext } from '../ports.ts';
import { serviceArgumentName } from '../serviceArgument.ts';
import { runRollback, type RollbackAct } from './run.ts';

interface Given {
	readonly to?: string;
	readonly undo?: boolean;
	readonly finish?: boolean;
	readonly retire?: boolean;
	readonly playbook?: string;
	readonly param: readonly string[];
	readonly dryRun?: boolean;
	readonly yes?: boolean;
	readonly json?: boolean;
}

const actOf = ({ undo, finish, retire }: Given): RollbackAct => (undo === true ? 'undo' : finish === true ? 'finish' : retire === true ? 'retire' : 'rollback');

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `sitrep rollback`. */
export const addRollback = (program: Command, context: CliContext): void => {
	const rollback = program
		.command('rollback')
		.summary('back to the last good version, step by step')
		.description(
			`Walks through a rollback: decide, choose the version, see the plan, confirm, move, verify, tell. It is a run like any other: recorded, it survives the terminal, and \`sitrep playbook resume\` takes it up. Without a terminal, --yes decides, and takes the version of --to or the last good one; it covers no destructive step. Exit code ${exitCodes.ok}: rolled back and verified; ${exitCodes.failure}: not, or the old version was brought back.`,
		)
		.addArgument(new Argument(`<${serviceArgumentName}>`, 'service, or the name of one of its containers'))
		.option('--to <image>', 'version to go back to: a tag or an image id (default: the last good one)')
		.option('-n, --dry-run', 'show the steps and the plan, and do nothing')
		.option('-y, --yes', 'decide and confirm; a destructive step is still asked for')
		.option('--json', 'one JSON object a line, and no questions')
		.addOption(new Option('--undo', 'take the newest move back: forward again').conflicts(['finish', 'retire', 'to']))
		.addOption(new Option('--finish', 'take up a move that was left in the middle').conflicts(['undo', 'retire', 'to']))
		.addOption(new Option('--retire', 'remove what the newest move has kept of the old version').conflicts(['undo', 'finish', 'to']))
		.option('--playbook <id>', 'another playbook than the most fitting one')
		.option('-p, --param <name=value>', 'a parameter of it; may be given several times', collect, [])
		.action(async (word: string, given: Given) => {
			await runRollback(context, globalsOf(rollback), word, {
				act: actOf(given),
				to: given.to ?? '',
				...(given.playbook === undefined ? {} : { playbook: given.playbook }),
				param: given.param,
				dryRun: given.dryRun === true,
				yes: given.yes === true,
				json: given.json === true,
			});
		});
	examples(rollback, [
		['sitrep rollback web', 'walk through it'],
		['sitrep rollback web --dry-run', 'what it would do'],
		['sitrep rollback web --to web:1.4.2 --yes', 'to this version, without questions'],
		['sitrep rollback web --undo', 'forward again'],
	]);
};
