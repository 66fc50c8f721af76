import process from 'node:process';
import { openConsole } from './main/openConsole.tsx';
import { NoEngine, noEngineWords, openEngine } from './main/openEngine.ts';
import { readConfig } from './main/readConfig.ts';
import { makeSetting } from './main/setting.ts';

try {
	const found = await readConfig(undefined);
	const setting = await makeSetting(await openEngine({}), found?.config);
	const end = await openConsole({ setting, theme: 'auto', ascii: false, readOnly: false });
	process.exitCode = end.kind === 'quit' ? 0 : 1;
	if (end.kind === 'crash') console.error(end.error);
	process.exit();
} catch (error) {
	console.error(error instanceof NoEngine ? noEngineWords(error) : error);
	process.exitCode = 3;
}
