import { DatabaseError, type DatabasePorts } from './work.ts';

/** @throws DatabaseError where one of these containers runs. Names that no container has are passed over. */
export const refuseRunning = async (stopped: readonly string[], ports: DatabasePorts): Promise<void> => {
	const names = stopped.filter((name) => name !== '');
	if (names.length === 0) return;
	const containers = await (await ports.engine()).list();
	const running = containers.filter((each) => names.some((name) => name === each.name || name === each.id) && !['exited', 'created', 'dead'].includes(each.state));
	if (running.length === 0) return;
	throw new DatabaseError(`${running.map((each) => `${each.name} is ${each.state}`).join(', ')}: it would go on writing to what is replaced`, {
		advice: `Stop ${running.map((each) => each.name).join(' ')} first.`,
	});
};
