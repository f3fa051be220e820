import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { nodeDisk } from '../../../src/env/node-disk.ts';
import { openEmbeddedLog } from '../../../src/log/embedded/embedded-log.ts';
import { type DurableEngineUnderTest, durableLogContract, logContract } from '../contract.ts';
import { TestClock, TestLogger, TestRandom } from '../world.ts';
import { EngineOnFakeDisk, small } from './on-fake-disk.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-log-'));
after(() => rmSync(root, { recursive: true }));

logContract('the embedded engine on files', onFiles);
logContract('the embedded engine with tiny segments', withTinySegments);
durableLogContract('the embedded engine on files', onFiles);
durableLogContract('the embedded engine with tiny segments', withTinySegments);

async function onFiles(): Promise<DurableEngineUnderTest> {
  const clock = new TestClock();
  const panic = (reason: string, cause: unknown) => {
    throw new Error(reason, { cause });
  };
  const disk = nodeDisk(mkdtempSync(join(root, 'data-')));
  const env = { clock, disk, random: new TestRandom(2), logger: new TestLogger(), panic };
  const reopen = () => openEmbeddedLog(env, 'logs');
  return { clock, log: await reopen(), reopen };
}

async function withTinySegments(): Promise<DurableEngineUnderTest> {
  const engine = new EngineOnFakeDisk();
  return { clock: engine.clock, log: await engine.open(small), reopen: () => engine.open(small) };
}
