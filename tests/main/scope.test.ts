import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSetting } from '../../src/main/setting.ts';
import { scoped } from '../../src/main/scope.ts';
import { listed, startWatch, type Watch } from '../../src/main/watching.ts';
import { container, FakeEngine } from '../support/fakeEngine.ts';

describe('a setting that watches some services', () => {
	let engine: FakeEngine;
	let watch: Watch | undefined;

	beforeEach(() => {
		engine = new FakeEngine();
		engine.add(
			container('web'),
			container('db', { state: 'exited', exitCode: 1 }),
			container('shop-api-1', { group: 'shop', service: 'api' }),
			container('shop-worker-1', { group: 'shop', service: 'worker', health: 'unhealthy' }),
		);
	});
	afterEach(async () => watch?.close());

	const watching = async (...words: readonly string[]): Promise<Watch> => {
		watch = startWatch(scoped(await makeSetting(engine, undefined), words));
		await listed(watch.live);
		return watch;
	};
	const ids = ({ live }: Watch): readonly string[] => live.statuses.map((status) => status.service.id);

	it('inspects, reads and judges nothing else', async () => {
		const { live } = await watching('web');
		expect(live.statuses.map((status) => status.service.id)).toEqual(['web']);
		expect(engine.calls).toEqual(['list']);
		expect(engine.followed).toEqual({ fast: [], slow: ['id-web'] });
		live.attend({ visible: ['web'] });
		expect(engine.followed).toEqual({ fast: ['id-web'], slow: [] });
	});

	it('takes a group, and what a container is part of', async () => {
		expect(ids(await watching('shop', 'db'))).toEqual(['db', 'shop/api', 'shop/worker']);
		expect(engine.calls.filter((call) => call !== 'list').sort()).toEqual(['inspect id-db', 'inspect id-shop-worker-1']);
	});

	it('leaves out what another container does meanwhile', async () => {
		const seen = await watching('web');
		engine.add(container('late', { state: 'exited', exitCode: 1 }));
		engine.tell({ kind: 'died', containerId: 'id-late', at: Date.now(), exitCode: 1 });
		await seen.live.inventory.settled();
		expect(ids(seen)).toEqual(['web']);
	});

	it('watches all where a word names nothing, so that the error can say which there are', async () => {
		expect(ids(await watching('wbe'))).toHaveLength(4);
	});
});
