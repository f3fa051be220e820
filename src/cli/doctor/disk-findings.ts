import type { Clock } from '../../env/clock.ts';
import { type Disk, isSystemError, namesIn } from '../../env/disk.ts';
import { nodeDisk } from '../../env/node-disk.ts';
import { fileSystemKind } from '../../env/node-file-system.ts';
import { type Random, uuid } from '../../env/random.ts';
import { bytesText } from '../quantity-text.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

/** What is found where the data directory is or will be. A file is written there, synced, and removed. */
export async function diskFindings(
  data: string,
  world: { readonly clock: Clock; readonly random: Random },
): Promise<Finding[]> {
  const disk = nodeDisk(data);
  try {
    const isNew = (await namesIn(disk, '.')).length === 0;
    const findings = [
      ok('data', isNew ? `${data} is empty: a server makes what it needs` : `data in ${data}`),
    ];
    return [...findings, kindOf(data), await spaceOf(disk, data), await speedOf(disk, world)];
  } catch (error) {
    if (isSystemError(error, 'ENOENT'))
      return [ok('data', `${data} is not there: a server makes it`), kindOf(data)];
    const { message } = error as Error;
    return [
      fault(
        'data',
        `${data} cannot be used: ${message}`,
        `let this user write there, or name another with --data`,
      ),
    ];
  }
}

function kindOf(data: string): Finding {
  const kind = fileSystemKind(data);
  if (kind === 'tmpfs')
    return warning(
      'file system',
      `${data} is in memory (tmpfs): a restart of the machine loses it`,
      'use a disk',
    );
  if (kind === 'overlay')
    return warning(
      'file system',
      `${data} is in a container's own layer, which goes with it`,
      'mount a volume there',
    );
  if (kind !== undefined && /^(nfs|cifs|smb2|9p|fuse)$/.test(kind))
    return warning(
      'file system',
      `${data} is on ${kind}, whose syncs may promise too little`,
      'use a local disk',
    );
  return ok('file system', kind ?? 'of a kind that is not known');
}

async function spaceOf(disk: Disk, data: string): Promise<Finding> {
  const { freeBytes, totalBytes } = await disk.space();
  const says = `${bytesText(freeBytes)} of ${bytesText(totalBytes)} are free`;
  if (freeBytes >= Math.max(totalBytes * freeShare, freeBytesMin)) return ok('space', says);
  return warning('space', says, `make room where ${data} is, shorten the retention, or archive old segments`);
}

/** What file systems need to stay fast, and an hour of a busy stream. */
const freeShare = 0.05;
const freeBytesMin = 5e9;

/** Every acknowledgement waits for one such sync. */
async function speedOf(disk: Disk, { clock, random }: { clock: Clock; random: Random }): Promise<Finding> {
  const name = `doctor-${uuid(random)}.tmp`;
  const file = await disk.open(name, 'create');
  const took: number[] = [];
  try {
    for (let nth = 0; nth < syncs; nth++) {
      const began = clock.monotonic();
      await file.write([new Uint8Array(4096)], nth * 4096);
      await file.sync();
      took.push(clock.monotonic() - began);
    }
  } finally {
    await file.close();
    await disk.remove(name);
  }
  const median = took.sort((one, other) => one - other)[syncs >> 1]!;
  const says = `a sync takes ${median.toFixed(2)} ms`;
  if (median > slowMs)
    return warning(
      'sync',
      `${says}, and each put waits for one`,
      'use a disk with a cache that survives a power cut',
    );
  if (median < unbelievableMs)
    return warning(
      'sync',
      `${says}, which no disk does: it may not be one`,
      'check that the device obeys flushes',
    );
  return ok('sync', says);
}

const syncs = 21;
const slowMs = 20;
/** A drive with capacitors takes some 20 us. */
const unbelievableMs = 0.005;
