import type { RolloutEngine } from '../../../domain/rollout.ts';
import type { Connection } from '../connection.ts';
import { ComposeRollout } from './compose/rollout.ts';
import { DockerRollout } from './rollout.ts';
import { Rollouts } from './rollouts.ts';
import { SwarmRollout } from './swarm/rollout.ts';

/** Everything that Docker's API can move: what a cluster or a project keeps together comes before the single container. */
export const allKinds = (connection: Connection): RolloutEngine => new Rollouts([new SwarmRollout(connection), new ComposeRollout(connection), new DockerRollout(connection)]);
