import { clockJump } from './clock-jump.ts';
import { crashImages } from './crash-images.ts';
import { damage } from './damage.ts';
import { deliveries } from './deliveries.ts';
import type { Fault } from './fault.ts';
import { fullDisk } from './full-disk.ts';
import { functions } from './functions.ts';
import { hostile } from './hostile.ts';
import { Brokers } from './kafka/brokers.ts';
import { kafkaFaults } from './kafka/kafka-faults.ts';
import { kill } from './kill.ts';
import { pause } from './pause.ts';
import { peerFaults } from './peers.ts';
import { powerCuts } from './power.ts';
import { processLimits } from './process-limits.ts';
import { refusedSync } from './refused-sync.ts';
import { secondServer } from './second-server.ts';
import { slowDisk } from './slow-disk.ts';
import { tornTail } from './torn-tail.ts';

/** Every fault, in the order in which they are done. */
export const faults: readonly Fault[] = [
  kill,
  ...powerCuts,
  crashImages,
  tornTail,
  damage,
  refusedSync,
  slowDisk,
  fullDisk,
  ...processLimits,
  pause,
  clockJump,
  secondServer,
  functions,
  deliveries,
  ...hostile,
  ...peerFaults,
  ...kafkaFaults(Brokers.start),
];
