import { exitCodes } from '../exitCodes.ts';
import type { GlobalOptions } from '../globals.ts';
import { jsonText } from '../jsonText.ts';
import type { CliContext } from '../ports.ts';
import { styleFor } from '../style.ts';
import type { DoctorCheck } from './check.ts';
import { engineChecks, trialChecks } from './engineChecks.ts';
import { doctorJson } from './json.ts';
import { diskChecks, versionChecks } from './machineChecks.ts';
import { permissionChecks } from './permissionChecks.ts';
import { terminalChecks } from './terminalChecks.ts';
import { doctorLines } from './text.ts';

const allChecks = async (context: CliContext, globals: GlobalOptions): Promise<readonly DoctorCheck[]> => {
	const trials = await context.engineTrials(globals);
	// The chosen one, or the first that was there and refused: that is the one a person must mend.
	const decisive = trials.find((trial) => trial.chosen) ?? trials.find((trial) => /denied|permission/i.test(trial.outcome)) ?? (trials.length === 1 ? trials[0] : undefined);
	return [
		...trialChecks(trials),
		...(await engineChecks(() => context.engine(globals), context.clock)),
		...(await permissionChecks(decisive?.address, context.system)),
		...terminalChecks(context.env, context.stdin, context.stdout),
		...(await versionChecks(context.version, context.system)),
		...(await diskChecks(context.system)),
	];
};

/** 3 where the engine is the trouble, 1 where anything else fails, 0 with warnings or none. */
const codeOf = (checks: readonly DoctorCheck[]): number => {
	const failed = checks.filter((check) => check.state === 'fail');
	if (failed.length === 0) return exitCodes.ok;
	return failed.some((check) => check.group === 'engine' || check.group === 'permissions') ? exitCodes.unknown : exitCodes.failure;
};

/** Looks at everything, writes the report, and sets the exit code. */
export const runDoctor = async (context: CliContext, globals: GlobalOptions, options: { readonly json: boolean }): Promise<void> => {
	const checks = await allChecks(context, globals);
	const { stdout } = context;
	stdout.write(
		options.json
			? `${jsonText(doctorJson(checks), 2)}\n`
			: `${doctorLines(checks, styleFor(stdout, context.env, globals)).join('\n')}\n`,
	);
	context.exit(codeOf(checks));
};
