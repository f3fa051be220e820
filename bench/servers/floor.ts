/**
 * What of a PutRecords cannot be avoided, each part alone and over the same 500 records of 1 KiB, as CPU time
 * of this process; printed as JSON. What the server does besides is its own.
 */
import { hash, randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { writeMd5 } from '../../src/kinesis/md5.ts';

export type Floor = {
  readonly hashMicros: number;
  readonly base64Micros: number;
  readonly keysMicros: number;
  readonly checksumMicros: number;
  readonly writeMicros: number;
  readonly diskMegabytes: number;
};

const [path, secondsText] = process.argv.slice(2) as [string, string];
const seconds = Number(secondsText);
const records = Array.from({ length: 500 }, () => ({
  PartitionKey: randomBytes(8).toString('hex'),
  Data: randomBytes(1024).toString('base64'),
}));
const body = Buffer.from(JSON.stringify({ StreamName: 'bench', Records: records }));
const encoded = records.map(({ Data }) => Buffer.from(Data));
const keys = records.map(({ PartitionKey }) => Buffer.from(PartitionKey));
const hashKey = new Uint32Array(4);
const decoded = Buffer.alloc(500 * 1024);
// Requests of eight connections share a round: 4 MiB, of which the server writes 1,048 bytes a record with
// its key.
const round = randomBytes(8 * 500 * 1048);

const hashMicros = perRecord(500, () => hash('sha256', body));
const base64Micros = perRecord(500, () => {
  let at = 0;
  for (const data of encoded) at += decoded.write(data.toString('latin1'), at, 'base64');
});
const keysMicros = perRecord(500, () => {
  // As the server does it: calling the platform for each costs several times as much.
  for (const key of keys) writeMd5(key, 0, key.length, hashKey, 0);
});
const checksumMicros = perRecord(500, () => crc32(decoded));

const file = openSync(path, 'w');
const startMs = performance.now();
let rounds = 0;
const writeMicros = perRecord(8 * 500, () => {
  writeSync(file, round);
  fdatasyncSync(file);
  rounds++;
});
const diskMegabytes = (rounds * round.length) / 1e3 / (performance.now() - startMs);
closeSync(file);
const floor: Floor = { hashMicros, base64Micros, keysMicros, checksumMicros, writeMicros, diskMegabytes };
console.log(JSON.stringify(floor));

/** CPU time, user and system, of as many actions as take so long; compilers have seen the code before. */
function perRecord(count: number, action: () => void): number {
  for (let nth = 0; nth < 20; nth++) action();
  const start = process.cpuUsage();
  const untilMs = performance.now() + seconds * 1000;
  let actions = 0;
  for (; performance.now() < untilMs; actions++) action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / (actions * count);
}
