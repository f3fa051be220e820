import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { silentLogger } from '../../../../src/env/logger.ts';
import { openEmbeddedLog } from '../../../../src/log/embedded/embedded-log.ts';
import { openCodeStore, unneededMs } from '../../../../src/services/lambda/code/stored-code.ts';
import { functionKeyOf } from '../../../../src/services/lambda/state/lambda-state.ts';
import { openLambdaJournal } from '../../../../src/services/lambda/state/open-lambda-journal.ts';
import { FakeDisk } from '../../../log/fake-disk.ts';
import { TestClock, TestRandom } from '../../../log/world.ts';
import { functionOf } from '../state/lambda-records.ts';

const zips = [1, 2].map((nth) => Buffer.alloc(1_200_000, `zip ${nth}`));
const [old, next] = zips.map((zip) => ({ zip, sha256: hash('sha256', zip) }));
const key = functionKeyOf(functionOf('f'));

async function openOn(disk: FakeDisk, clock: TestClock, seed: number) {
  const panic = (reason: string) => assert.fail(reason);
  const env = { disk, clock, random: new TestRandom(seed), logger: silentLogger, panic };
  const engine = await openEmbeddedLog(env, 'services', { segmentBytes: 100_000 });
  const journal = await openLambdaJournal(engine, { slackBytes: 1000 });
  return { engine, journal, store: openCodeStore(engine, { ...env, journal }) };
}

/** A function gets other code, and what it had is forgotten. */
async function update(disk: FakeDisk, clock: TestClock): Promise<void> {
  const { engine, journal, store } = await openOn(disk, clock, 1);
  for (const { zip, sha256 } of [old!, next!]) {
    await store.put(sha256, zip);
    const value = functionOf('f', { code: { kind: 'zip', sha256, bytes: zip.length } });
    await journal.commit(() => [{ kind: 'said', of: 'function', key, value }]);
  }
  clock.time += unneededMs + 1;
  await store.sweep();
  await engine.close();
}

test('whenever the power goes, a function has its code, and nothing else stays', async () => {
  let crashes = 0;
  for (let at = 1; ; at += 3) {
    const clock = new TestClock();
    const disk = new FakeDisk();
    let calls = 0;
    disk.fate = (call) => (call.kind !== 'read' && ++calls === at ? 'crash' : undefined);
    const isOver = await Promise.race([update(disk, clock).then(() => true), disk.crashed.then(() => false)]);
    if (isOver) break;
    crashes += 1;
    const after = disk.cutPower(at);
    clock.time += 1;
    const { engine, journal, store } = await openOn(after, clock, 2);
    const code = journal.state.get('function', key)?.code;
    if (code !== undefined) {
      assert.ok(code.kind === 'zip');
      assert.ok(zips.some((zip) => hash('sha256', zip) === code.sha256));
      assert.equal(hash('sha256', await store.get(code.sha256)), code.sha256, `crash ${at}`);
    }
    await store.put(next!.sha256, next!.zip);
    const value = functionOf('f', { code: { kind: 'zip', sha256: next!.sha256, bytes: next!.zip.length } });
    await journal.commit(() => [{ kind: 'said', of: 'function', key, value }]);
    clock.time += unneededMs + 1;
    await store.sweep();
    assert.ok(next!.zip.equals(await store.get(next!.sha256)));
    await engine.close();
    const logs = (await after.list('services')).filter((name) => name.startsWith('lambda-code-'));
    assert.equal(logs.length, 1, `crash ${at}: ${logs}`);
  }
  assert.ok(crashes > 20, `${crashes} crashes`);
});
