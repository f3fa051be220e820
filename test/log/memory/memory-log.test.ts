import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { logContract } from '../contract.ts';
import { TestClock } from '../world.ts';

logContract('the memory engine', async () => {
  const clock = new TestClock();
  return { clock, log: openMemoryLog(clock) };
});
