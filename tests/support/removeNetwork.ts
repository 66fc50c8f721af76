import type Docker from 'dockerode';
import { settled } from '../../src/drill/engineCalls.ts';

/**
 * Removes a network whose containers are gone. A busy engine lets go of what was on it a moment later; what it has lost count of is taken
 * off by its name, as one does by hand.
 */
export const removeNetwork = async (network: Docker.Network): Promise<void> => {
	const remove = async (): Promise<unknown> => settled(async () => network.remove());
	try {
		await remove();
	} catch {
		const { Containers: left } = await network.inspect();
		for (const { Name } of Object.values(left ?? {})) await network.disconnect({ Container: Name, Force: true }).catch(() => undefined);
		await remove();
	}
};
