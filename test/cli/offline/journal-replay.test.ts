import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogKey, catalogMachine } from '../../../src/catalog/catalog.ts';
import type { Edit } from '../../../src/catalog/edit.ts';
import type { CatalogState } from '../../../src/catalog/state.ts';
import { checkData, isDataDamaged } from '../../../src/cli/offline/data-check.ts';
import { repairData } from '../../../src/cli/offline/data-repair.ts';
import { JournalReplay } from '../../../src/cli/offline/journal-replay.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { encodeRevision } from '../../../src/journal/revision.ts';
import { encodeBatch } from '../../../src/kinesis/record.ts';
import { openEmbeddedLog } from '../../../src/log/embedded/embedded-log.ts';
import { sampleStream } from '../../kinesis/sample.ts';
import { FakeDisk } from '../../log/fake-disk.ts';
import { TestClock, TestRandom } from '../../log/world.ts';

type Secret = { readonly kind: 'secret-made'; readonly secret: string };

function secret(text: string): Secret[] {
  return [{ kind: 'secret-made', secret: text }];
}

function commit(after: number, text: string): Buffer {
  return encodeRevision({ after, edits: secret(text) });
}

const undecodable = Buffer.from('{"format":1,"after":1,"ed');

/** Replays records at the offsets where they stand in the list; holes are not read at all. */
function replayed(...records: (Buffer | undefined)[]): JournalReplay<CatalogState, Edit> {
  const replay = new JournalReplay(catalogMachine);
  for (const [first, data] of records.entries()) {
    if (data !== undefined)
      replay.take({ ...encodeBatch([{ partitionKey: undefined, data }]), first, arrival: 0 });
  }
  return replay;
}

test('behind a commit that is missing nothing is replayed, and what is missing is counted', () => {
  const replay = replayed(commit(0, 'a'), undefined, commit(2, 'c'));
  assert.equal(replay.state.secret, 'a');
  assert.equal(replay.missing(3), 2);
});

test('the commits that are missing at the end are counted as well', () => {
  assert.equal(replayed(commit(0, 'a')).missing(3), 2);
});

test('behind a commit that does not decode nothing is replayed either, and its offset is told', () => {
  const replay = replayed(commit(0, 'a'), undecodable, commit(2, 'c'));
  assert.equal(replay.state.secret, 'a');
  assert.deepEqual(replay.unreadable, [1]);
  assert.equal(replay.missing(3), 2);
  assert.equal(replayed(commit(0, 'a'), undecodable).missing(2), 1);
});

test('a later snapshot has it all again', () => {
  const snapshot = encodeRevision({ version: 3, edits: secret('c') });
  const replay = replayed(commit(0, 'a'), undecodable, undefined, snapshot, commit(3, 'd'));
  assert.deepEqual([replay.state.secret, replay.state.version], ['d', 4]);
  assert.equal(replay.missing(5), 0);
});

test('a journal that lacks a version is damaged, as a start finds it; a repaired copy goes on from what there is', async () => {
  const disk = await diskWith(
    encodeRevision({ after: 0, edits: [{ kind: 'stream-created', stream: sampleStream(1) }] }),
    commit(2, 'c'),
  );
  const check = await checkData(disk);
  assert.deepEqual(
    check.findings.map(({ kind, message }) => [kind, message]),
    [['damage', 'at least 2 commits of the control plane are missing after version 1.']],
  );
  const copy = new FakeDisk();
  copy.isHasty = true;
  await repairData(disk, envOf(copy), check);
  const again = await checkData(copy);
  assert.equal(isDataDamaged(again), false);
  assert.deepEqual(again.catalog.state, { ...check.catalog.state, version: 2 });
});

async function diskWith(...records: Buffer[]): Promise<FakeDisk> {
  const disk = new FakeDisk();
  disk.isHasty = true;
  await disk.createDirectory('streams');
  const control = await openEmbeddedLog(envOf(disk), 'catalog');
  for (const data of records)
    await control.append(catalogKey, encodeBatch([{ partitionKey: undefined, data }]));
  await control.close();
  return disk;
}

function envOf(disk: FakeDisk) {
  const panic = (reason: string) => assert.fail(reason);
  return { disk, clock: new TestClock(), random: new TestRandom(7), logger: silentLogger, panic };
}
