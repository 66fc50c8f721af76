import { mkdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import envPaths from 'env-paths';
import type { GlobalOptions } from '../../cli/globals.ts';
import type { PlaybookPort } from '../../cli/playbook/port.ts';
import type { Service } from '../../domain/service.ts';
import type { Journal } from '../../domain/journal.ts';
import { systemClock } from '../../domain/systemClock.ts';
import { openJournal } from '../../record/journal.ts';
import { actorOf } from '../../record/session.ts';
import { importRunbook } from '../../respond/import/importRunbook.ts';
import { fitPlaybooks, paramsFrom } from '../../respond/playbook/fit.ts';
import { playbookJsonSchema } from '../../respond/playbook/jsonSchema.ts';
import { lintText } from '../../respond/playbook/lint.ts';
import { formatPlaybookProblem, loadPlaybook } from '../../respond/playbook/load.ts';
import { reviewedText } from '../../respond/playbook/review.ts';
import type { Setting } from '../setting.ts';
import { listed, startWatch } from '../watching.ts';
import { Baselines, readBaselines } from './baselines.ts';
import { factsOf } from './facts.ts';
import { readLibrary } from './library.ts';
import { personHere } from './person.ts';
import { openResponding } from './responder.ts';
import { stateFolder } from './stateFolder.ts';
import { openWitness } from './witness.ts';

/** Who they say they are, where an account is shared. */
const personNamed = (): { readonly person?: string } => {
	const person = personHere();
	return person === undefined ? {} : { person };
};

const serviceNamed = (services: readonly Service[], name: string): Service | undefined =>
	services.find((each) => each.id === name || each.name === name || each.containers.some((container) => container.name === name));

/** Playbooks, as the command line sees them. */
export const playbookPort = (settingOf: (globals: GlobalOptions) => Promise<Setting>): PlaybookPort => {
	let journal: Promise<Journal> | undefined;
	let known: ReturnType<typeof readLibrary> | undefined;
	const library = (): ReturnType<typeof readLibrary> => (known ??= readLibrary());
	const byId = async () => (await library()).byId;
	return {
		library,
		async readFile(path) {
			const text = await readFile(path, 'utf8');
			const { loaded } = loadPlaybook(text, path, basename(dirname(path)));
			return { ...(loaded === undefined ? {} : { loaded }), problems: lintText(text, path, { library: await byId() }) };
		},
		lint: async (loaded) => lintText(loaded.text, loaded.file, { library: await byId() }),
		formatProblem: formatPlaybookProblem,
		schema: () => Promise.resolve(`${JSON.stringify(playbookJsonSchema(), undefined, 2)}\n`),
		async import(path, pack) {
			return importRunbook(await readFile(path, 'utf8'), { file: basename(path), pack });
		},
		async write(folder, name, text) {
			await mkdir(folder, { recursive: true });
			const path = join(folder, name);
			await writeFile(path, text, { flag: 'wx', mode: 0o644 });
			return path;
		},
		async review(path) {
			const { user } = actorOf();
			await writeFile(path, reviewedText(await readFile(path, 'utf8'), user, systemClock.now()));
			return path;
		},
		async fits(status) {
			const { playbooks } = await library();
			return fitPlaybooks(playbooks, status.service, status.alerts).map((fit) => ({ loaded: fit.loaded, why: fit.why, values: fit.params }));
		},
		async record(event) {
			mkdirSync(stateFolder(), { recursive: true, mode: 0o700 });
			journal ??= openJournal(join(stateFolder(), 'journal.db'));
			const [stored] = await (await journal).append([{ actor: actorOf(personNamed()), event }]);
			if (stored === undefined) throw new Error('the journal gave nothing back');
			return stored;
		},
		ownFolder: join(envPaths('sitrep', { suffix: '' }).config, 'playbooks'),
		witness: () => openWitness(personHere()),
		async responding(globals) {
			const setting = await settingOf(globals);
			const watch = startWatch(setting);
			const { live } = watch;
			try {
				await listed(live);
			} catch (error) {
				await watch.close();
				throw error;
			}
			const { playbooks } = await library();
			const baselines = new Baselines();
			const responding = await openResponding({
				engine: setting.engine,
				about: live.inventory.info,
				playbooks: new Map(playbooks.map((each) => [each.playbook.id, each])),
				facts: factsOf(live, () => systemClock.now(), baselines),
				services: () => live.services,
				probesOf: setting.probesOf,
				paramsOf: setting.paramsOf,
				readOnly: globals.readOnly,
				...personNamed(),
			});
			// What a signal was before the run's changes: read before it begins, and not again.
			await readBaselines(baselines, responding.journal, live.services.map(({ id }) => id), setting.engine.target.address);
			const { info } = live.inventory;
			return {
				responder: responding.responder,
				hostWords: info === undefined ? setting.engine.target.name : `${setting.engine.target.name} (${info.hostName})`,
				fits(name) {
					const service = serviceNamed(live.services, name);
					if (service === undefined) return Promise.resolve(undefined);
					live.attend({ visible: [service.id], selected: service.id });
					const alerts = live.statuses.find((each) => each.service.id === service.id)?.alerts ?? [];
					return Promise.resolve({ service: service.id, fits: fitPlaybooks(playbooks, service, alerts, setting.paramsOf(service)).map((fit) => ({ loaded: fit.loaded, values: fit.params })) });
				},
				previewMove: (service, to, print) => responding.previewMove(service, to, print),
				about(name, loaded) {
					const service = serviceNamed(live.services, name);
					if (service === undefined) return Promise.resolve(undefined);
					// Its figures are what conditions look at: they are read as often as those of a row in view.
					live.attend({ visible: [service.id], selected: service.id });
					return Promise.resolve({ service: service.id, values: paramsFrom(loaded.playbook, service, setting.paramsOf(service)) });
				},
				async close() {
					await responding.close();
					await watch.close();
				},
			};
		},
	};
};
