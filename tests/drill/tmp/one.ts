import { loadLibrary } from '../../../src/respond/playbook/library.ts';
import { libraryFiles } from '../../../src/respond/playbook/libraryFiles.ts';
import { exercises } from '../exercises/index.ts';
import { byPlaybook } from '../byPlaybook.ts';
import { byHand } from '../byHand.ts';
const host = 'unix:///tmp/drill-e/docker.sock';
const lib = await loadLibrary(['/work/main/playbooks'], libraryFiles);
const mode = process.argv[2];
for (const id of process.argv.slice(3)) {
	const exercise = exercises.find((e) => e.id === id)!;
	const playbook = lib.playbooks.find((p) => p.playbook.id === exercise.playbook)!;
	if (mode !== 'w') try { console.log(id, JSON.stringify(await byPlaybook({ command: '/work/main/bin/sitrep', host, range: `p-${id}`, playbook, exercise }), null, 1).replaceAll('\\n', '\n')); } catch (e) { console.log(id, 'BROKEN', e); }
	if (mode !== 'p' && exercise.written) try { console.log(id, 'WRITTEN', JSON.stringify(await byHand({ host, range: `w-${id}`, exercise, written: exercise.written }), null, 1).replaceAll('\\n', '\n')); } catch (e) { console.log(id, 'BROKEN', e); }
}
process.exit(0);
