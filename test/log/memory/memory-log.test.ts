import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { engineContract } from '../contract.ts';
import { TestClock } from '../world.ts';

engineContract('the memory engine', async () => {
  const clock = new TestClock();
  return { clock, engine: openMemoryLog(clock) };
});
