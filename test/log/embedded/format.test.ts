import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { encodeBatch } from '../../../src/kinesis/record.ts';
import { frameHeaderBytes, frameKinds } from '../../../src/log/embedded/format/frame.ts';
import { segmentHeaderBytes } from '../../../src/log/embedded/format/segment-header.ts';
import { encryptBatch } from '../../../src/log/encryption.ts';
import { TestKeys } from '../test-keys.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';

const page = new URL('../../../docs/log-format.md', import.meta.url);
const example = /(?<=<!-- example -->\n\n```\n)[^`]*(?=```)/;

test('the worked example in docs/log-format.md is what the engine writes', async () => {
  const text = readFileSync(page, 'utf8');
  const dump = await segmentDump();
  if (process.env['UPDATE'] === '1')
    writeFileSync(
      page,
      text.replace(example, () => dump),
    );
  else assert.equal(example.exec(text)?.[0], dump);
});

/** A segment with one round of two shards, an encrypted record and a seal, closed properly. */
async function segmentDump(): Promise<string> {
  const engine = new EngineOnFakeDisk();
  const log = await engine.open();
  const [left, right] = [0, 1].map((shard) => new OneShard(log, { stream: 'orders', shard }));
  await Promise.all([
    left!.append(batchOf('ada', 'tea')),
    right!.append(batchOf('bob', 'milk')),
    left!.append(batchOf('ada', 'cake')),
  ]);
  engine.clock.time += 1_000;
  const keys = new TestKeys();
  keys.renew();
  const place = { stream: 'orders', shard: 0 };
  await left!.append(encryptBatch(batchOf('ada', 'rum'), (await keys.current())!, place));
  engine.clock.time += 1_000;
  await right!.seal();
  await log.close();
  const { bytes } = engine.disk.file('logs/orders/000000000001.log');
  return partsOf(bytes)
    .map(({ name, first, end }) => `${name}\n${hexLines(bytes, first, end)}`)
    .join('\n');
}

const batchOf = (partitionKey: string, data: string) =>
  encodeBatch([{ partitionKey, data: Buffer.from(data) }]);

type Part = { readonly name: string; readonly first: number; readonly end: number };

function partsOf(bytes: Buffer): Part[] {
  const parts: Part[] = [{ name: 'segment header', first: 0, end: segmentHeaderBytes }];
  let at = segmentHeaderBytes;
  for (let kind = ''; kind !== 'footer'; ) {
    kind = nameOf(bytes.readUInt8(at + 5));
    const payload = at + frameHeaderBytes;
    const end = payload + bytes.readUInt32BE(at + 8);
    parts.push({ name: `frame: ${kind}, header`, first: at, end: payload });
    if (end > payload) parts.push({ name: `frame: ${kind}, payload`, first: payload, end });
    at = end;
  }
  return [...parts, { name: 'trailer', first: at, end: bytes.length }];
}

function nameOf(kind: number): string {
  return Object.entries(frameKinds).find(([, value]) => value === kind)![0];
}

function hexLines(bytes: Buffer, first: number, end: number): string {
  let lines = '';
  for (let at = first; at < end; at += 16) {
    const row = bytes.subarray(at, Math.min(at + 16, end));
    const hex = row.toString('hex').replace(/(.{8})(?=.)/g, '$1 ');
    const ascii = row.toString('latin1').replace(/[^\x20-\x5f\x61-\x7e]/g, '.');
    lines += `${String(at).padStart(5)}  ${hex.padEnd(35)}  ${ascii}\n`;
  }
  return lines;
}
