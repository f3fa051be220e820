import { type DurableEngineUnderTest, durableEngineContract, engineContract } from '../contract.ts';
import { EngineOnFakeDisk, small } from './on-fake-disk.ts';

engineContract('the embedded engine with tiny segments', withTinySegments);
durableEngineContract('the embedded engine with tiny segments', withTinySegments);

async function withTinySegments(): Promise<DurableEngineUnderTest> {
  const onFakeDisk = new EngineOnFakeDisk();
  const reopen = () => onFakeDisk.open(small);
  return { clock: onFakeDisk.clock, engine: await reopen(), reopen };
}
