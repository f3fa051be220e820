import { hash } from 'node:crypto';
import { dirname } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { removeIfThere } from '../../../env/disk.ts';
import type { GivenUp, InvocationRecord } from './destinations.ts';
import type { DestinationsWorld } from './destinations-world.ts';
import { sendSigned } from './signed-send.ts';
import { xmlError } from './xml-error.ts';

/** Where an object is: its name in a bucket; the region is what it is signed for. */
export type ObjectPlace = { readonly bucket: string; readonly key: string; readonly region: string };

/**
 * `aws/lambda/<UUID of the mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<random UUID>`, in UTC (Lambda
 * developer guide, "Retain discarded batch records for a Kinesis Data Streams event source").
 */
export function keyOf(mapping: string, record: InvocationRecord, random: string): string {
  const [date, time] = record.timestamp.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).split('T');
  const folder = `aws/lambda/${mapping}/${record.KinesisBatchInfo.shardId}/${date!.replaceAll('-', '/')}`;
  return `${folder}/${date}T${time!.replaceAll(':', '.')}-${random}`;
}

/** AWS's record, and the whole event as a text in it. */
export function objectOf({ record, event }: GivenUp): string {
  return JSON.stringify({ ...record, payload: event.toString('utf8') });
}

/** Puts an object, once: bucket and name in the path (S3 API reference, PutObject). */
export function putObject(
  world: DestinationsWorld,
  { bucket, key, region }: ObjectPlace,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-amz-content-sha256': hash('sha256', body) };
  const path = `/${bucket}/${key}`;
  const request = { service: 's3', region, method: 'PUT', path, headers, body } as const;
  return sendSigned(world, request, xmlError, signal);
}

/**
 * The same in a folder whose folders are the buckets. Durable when it resolves, and under its name only when
 * it is whole.
 */
export async function putFile(
  { endpoints, diskAt }: DestinationsWorld,
  { bucket, key }: ObjectPlace,
  body: string,
): Promise<void> {
  const disk = diskAt(fileURLToPath(endpoints.s3!));
  const path = `${bucket}/${key}`;
  const folder = dirname(path);
  await disk.createDirectory(folder);
  const unfinished = `${path}.unfinished`;
  await removeIfThere(disk, unfinished);
  const file = await disk.open(unfinished, 'create');
  try {
    await file.write([Buffer.from(body)], 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(unfinished, path);
  await disk.syncDirectory(folder);
}
