import { installPackages, thisMachine } from '../../src/drill/engineInstall.ts';

/**
 * Makes sure that a static busybox is there, from which the tests make their images. To be called once in a run:
 * two apt-get at a time refuse each other.
 */
export const ensureBusybox = async (say: (line: string) => void): Promise<void> => {
	if ((await thisMachine.has('busybox')) || thisMachine.uid !== 0 || !(await thisMachine.has('apt-get'))) return;
	await installPackages(['busybox-static'], say);
};
