// `npm run demo`: real containers, a real fault, and the console on them. `npm run demo -- --down` takes it all away.
// It belongs to a checkout and runs on the Node that its packages carry, which reads TypeScript by itself.
import { demo } from '../src/drill/demo.ts';

process.exitCode = await demo(process.argv.slice(2));
