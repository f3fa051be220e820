import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkTables } from '../../../harness/check-tables.ts';
import { act } from '../../../harness/lease-worker.ts';
import { Model } from '../../../harness/model.ts';
import { SeededRandom } from '../../../harness/random.ts';
import { dynamodb } from '../../../harness/signer.ts';
import { areMade, makeTables } from '../../../harness/tables.ts';
import { TablesModel } from '../../../harness/tables-model.ts';
import type { Surroundings, Work } from '../../../harness/workload.ts';
import { Client } from '../../../torture/client.ts';
import { startTestServer } from '../../server/server-under-test.ts';

const workers = 8;
const rounds = 40;

test('of workers that ask for one lease at once one has it, and what all of them were told makes sense', async (context) => {
  const data = mkdtempSync(join(tmpdir(), 'millrace-histories-'));
  context.after(() => rmSync(data, { recursive: true, force: true }));
  await using server = await startTestServer({ data });
  const model = new Model();
  const tables = new TablesModel(() => model.moment());
  const random = new SeededRandom(1);
  const violations: string[] = [];
  const works = Array.from({ length: workers }, (_, nth): Work => {
    const client = new Client(`worker ${nth}`, () => server.endpoint.port, dynamodb);
    const world = calm((sentence) => violations.push(sentence));
    return { world, model, tables, random: random.fork(), client, isOver: () => false };
  });
  while (!areMade(tables)) await makeTables(works[0]!);
  const lease = { owner: 'nobody', counter: 0, checkpoint: tables.id() };
  await act(works[0]!, 'shard-0', { kind: 'create', lease });
  for (let counter = 0; counter < rounds; counter++)
    await Promise.all(works.map((work, nth) => askFor(work, nth, counter)));
  for (const { client } of works) (client as Client).close();
  assert.deepEqual([...checkTables(tables), ...violations], []);
  const won = tables.leases
    .get('shard-0')!
    .filter(({ action, answered }) => action.kind === 'take' && answered?.result.kind === 'done');
  assert.equal(won.length, rounds);
});

/** All but one want the lease. While what that one makes is written, the others wait, and share a round. */
function askFor(work: Work, nth: number, counter: number): Promise<unknown> {
  const worker = work.client.name;
  if (nth > 0) return act(work, 'shard-0', { kind: 'take', worker, counter });
  const lease = { owner: worker, counter: 0, checkpoint: work.tables.id() };
  return act(work, `shard-${counter + 1}`, { kind: 'create', lease });
}

function calm(violate: (sentence: string) => void): Surroundings {
  const sleep = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    scheduler: { sleep },
    patience: sleep,
    wall: { now: () => 0 },
    monotonic: () => 0,
    isFaulty: false,
    isClosing: false,
    violate,
  };
}
