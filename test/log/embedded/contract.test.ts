import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { nodeDisk } from '../../../src/env/node-disk.ts';
import { openEmbeddedLog } from '../../../src/log/embedded/embedded-log.ts';
import { type DurableEngineUnderTest, durableEngineContract, engineContract } from '../contract.ts';
import { TestClock, TestLogger, TestRandom } from '../world.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-log-'));
after(() => rmSync(root, { recursive: true }));

engineContract('the embedded engine on files', onFiles);
durableEngineContract('the embedded engine on files', onFiles);

async function onFiles(): Promise<DurableEngineUnderTest> {
  const clock = new TestClock();
  const panic = (reason: string, cause: unknown) => {
    throw new Error(reason, { cause });
  };
  const disk = nodeDisk(mkdtempSync(join(root, 'data-')));
  const env = { clock, disk, random: new TestRandom(2), logger: new TestLogger(), panic };
  const reopen = () => openEmbeddedLog(env, 'logs');
  return { clock, engine: await reopen(), reopen };
}
