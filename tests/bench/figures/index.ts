import type { Figure } from '../figure.ts';
import { databaseRows } from './databaseRows.ts';
import { firstScreen } from './firstScreen.ts';
import { fullTable } from './fullTable.ts';
import { idleCpu } from './idleCpu.ts';
import { importRunbooks } from './importRunbooks.ts';
import { journalAppend } from './journalAppend.ts';
import { journalOpen } from './journalOpen.ts';
import { journalVerify } from './journalVerify.ts';
import { keyToFrame } from './keyToFrame.ts';
import { killToRow } from './killToRow.ts';
import { logThroughput } from './logThroughput.ts';
import { memory } from './memory.ts';
import { rollbackBeside } from './rollbackBeside.ts';
import { rollbackHealthy } from './rollbackHealthy.ts';
import { rollbackKept } from './rollbackKept.ts';
import { rollbackKilled } from './rollbackKilled.ts';
import { rollbackOutage } from './rollbackOutage.ts';
import { rollbackPerson } from './rollbackPerson.ts';
import { runOutput } from './runOutput.ts';
import { runResume } from './runResume.ts';
import { stalledReader } from './stalledReader.ts';
import { stepOutput } from './stepOutput.ts';
import { stepOverhead } from './stepOverhead.ts';
import { terminalBytes } from './terminalBytes.ts';

/** Every figure, in the order of the page; those with as many containers stand together, for making them takes time. */
export const figures: readonly Figure[] = [firstScreen, killToRow, keyToFrame, terminalBytes, stalledReader, fullTable, idleCpu, memory, logThroughput, stepOverhead, stepOutput, runResume, runOutput, importRunbooks, journalAppend, journalVerify, journalOpen, rollbackHealthy, rollbackBeside, rollbackOutage, rollbackKept, rollbackKilled, databaseRows, rollbackPerson];
