import { parentPort, workerData } from 'node:worker_threads';
import { SharedBuckets } from '../../src/gateway/shared-buckets.ts';
import { awsThrottle } from '../../src/stream/throttle.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

// Takes all that it can get, at a time that stands still, and says how much that was.
const clock = new ManualClock();
const throttle = awsThrottle(clock, new SharedBuckets(workerData, clock));
let taken = 0;
for (let tries = 0; tries < 20_000; tries++) if (throttle.mayWrite({ stream: '1', shard: 0 }, 1)) taken++;
parentPort!.postMessage(taken);
