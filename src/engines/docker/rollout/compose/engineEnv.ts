import type { DockerTarget } from '../../target.ts';

/** What would lead compose to another engine, project or set of files than the one meant. */
const leading = /^(?:DOCKER_(?:HOST|CONTEXT|TLS|TLS_VERIFY|CERT_PATH)|COMPOSE_.*)$/;

/**
 * The environment in which compose speaks to the very engine that we speak to. Of its settings, only those of the
 * engine's certificates stay where they were how we got there ourselves.
 */
export function engineEnv(target: DockerTarget, environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
	const { transport } = target;
	const secured = transport.kind === 'tcp' && transport.tls !== undefined;
	const own: Record<string, string> = {};
	for (const [name, value] of Object.entries(environment)) {
		const certificates = secured && target.context === undefined && /^DOCKER_(?:TLS|TLS_VERIFY|CERT_PATH)$/.test(name);
		if (value !== undefined && (certificates || !leading.test(name))) {
			own[name] = value;
		}
	}
	// Certificates of a context are known to the docker tools by the context's name only.
	const where = secured && target.context !== undefined ? { DOCKER_CONTEXT: target.context } : { DOCKER_HOST: addressOf(target) };
	// Set here, these are not taken from the project's own .env: others' containers are left alone.
	return { ...own, ...where, COMPOSE_REMOVE_ORPHANS: 'false', COMPOSE_IGNORE_ORPHANS: 'true' };
}

const addressOf = ({ address }: DockerTarget): string => (address.includes('://') ? address : address.startsWith('/') ? `unix://${address}` : `tcp://${address}`);
