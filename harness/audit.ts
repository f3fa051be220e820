import { readConsumers } from './consumers.ts';
import { listShards } from './listing.ts';
import type { Reader, StreamModel } from './model.ts';
import { describe } from './owner.ts';
import { follow, fromStart } from './reader.ts';
import { readTags } from './settings.ts';
import { usable, type Work } from './workload.ts';
import { putRecord } from './writer.ts';

/**
 * Checks every stream once the world has come to rest: it must work again, and hold what it promised to hold.
 */
export async function audit(work: Work): Promise<void> {
  for (const stream of usable(work)) {
    if (await comesToRest(work, stream)) await auditStream(work, stream);
    else work.world.violate(`${stream.name} does not become ACTIVE`);
  }
}

/** A transition that a crash interrupted is finished without a request. */
async function comesToRest(work: Work, stream: StreamModel): Promise<boolean> {
  for (let waited = 0, pause = 10; waited < restMsMax; waited += pause, pause = Math.min(500, 2 * pause)) {
    if ((await describe(work, stream)) === 'ACTIVE') return true;
    await work.world.scheduler.sleep(pause);
  }
  return false;
}

const restMsMax = 10_000;

async function auditStream(work: Work, stream: StreamModel): Promise<void> {
  const { world } = work;
  if (!(await readTags(work, stream))) world.violate(`the tags of ${stream.name} cannot be read`);
  if ((await readConsumers(work, stream)) === undefined)
    world.violate(`the consumers of ${stream.name} cannot be listed`);
  if (!(await listShards(work, stream, { inOnePage: true })))
    world.violate(`${stream.name} cannot be listed`);
  const listing = stream.listings.at(-1);
  if (listing === undefined) return;
  for (const shard of listing.shards) {
    if (shard.ending !== undefined) continue;
    if (!(await putsInTheEnd(work, stream, shard.first)))
      world.violate(`${shard.id} of ${stream.name} takes no records`);
  }
  const readers: Reader[] = [];
  for (const { id, ending } of listing.shards) {
    const reader: Reader = { stream, shard: id, after: 0n, pages: [] };
    readers.push(reader);
    if (!(await follow(work, reader, fromStart, 10_000)))
      world.violate(`${id} of ${stream.name} cannot be read`);
    else if (ending !== undefined && !reader.pages.at(-1)!.isEnd)
      world.violate(`endless: ${id} of ${stream.name} is closed, and reading it does not come to its end`);
  }
  stream.last = { listing, readers };
}

/** A limit may ask for patience, nothing else may. */
async function putsInTheEnd(work: Work, stream: StreamModel, hashKey: bigint): Promise<boolean> {
  for (let attempt = 0; attempt < 10; attempt++) {
    if (await putRecord(work, stream, hashKey)) return true;
    await work.world.scheduler.sleep(1_000);
  }
  return false;
}
