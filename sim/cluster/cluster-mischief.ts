import type { SeededRandom } from '../../harness/random.ts';
import type { Calendar } from '../calendar.ts';
import type { ClusterWorld } from './cluster-world.ts';

/** Changes the conditions of the world from time to time, until its work is over; then ends all troubles. */
export async function stirCluster(
  world: ClusterWorld,
  random: SeededRandom,
  calendar: Calendar,
): Promise<void> {
  while (!calendar.isOver) {
    await world.scheduler.sleep(Math.min(random.real(100, 1_500), calendar.left));
  }
}
