/**
 * Every number that a turn can measure: what it is called, and its unit. Medians over the rounds are what is
 * shown.
 */
export const figures = {
  startMs: ['first answer', 'ms'],
  restartMs: ['restart to a record stored', 'ms'],
  restartFullMs: ['restart after the puts', 'ms'],
  killedRestartMs: ['restart after kill -9', 'ms'],
  readActiveMs: ['reading the active segments once', 'ms'],
  activeMegabytes: ['active segments', 'MB'],
  oneShardMegabytes: ['one shard of 64', 'MB/s'],
  allShardsMegabytes: ['all 64 at once', 'MB/s'],
  allShardsPerMegabyteMs: ['CPU of these', 'ms/MB'],
  residentMegabytes: ['resident memory', 'MB'],
  emptyMegabytes: ['resident when empty', 'MB'],
  bytewiseGrownMegabytes: ['grown, a byte each now and then', 'MB'],
  pacedGrownMegabytes: ['grown, 600 bytes a second each', 'MB'],
  retainedMegabytes: ['data put', 'MB'],
  putMicros: ['server CPU', 'us/record'],
  putPerMegabyteMs: ['server CPU', 'ms/MB'],
  putMegabytes: ['throughput', 'MB/s'],
  putsPerSecond: ['throughput', 'records/s'],
  p50Ms: ['p50', 'ms'],
  p99Ms: ['p99', 'ms'],
  maxMs: ['longest', 'ms'],
  getMicros: ['server CPU, GetRecords', 'us/record'],
  getMegabytes: ['GetRecords', 'MB/s'],
  pageMegabytes: ['pages', 'MB/s'],
  pageMegabytesPerCpu: ['pages', 'MB per CPU second'],
  hashMicros: ['SHA-256', 'us/record'],
  base64Micros: ['base64', 'us/record'],
  keysMicros: ['MD5', 'us/record'],
  checksumMicros: ['CRC-32', 'us/record'],
  writeMicros: ['write and fdatasync', 'us/record'],
  diskMegabytes: ['disk, three reads at a time', 'MB/s'],
  fanOutMicros: ['server CPU', 'us/record'],
  fanOutPerSecond: ['records put', 'records/s'],
  dueP50Ms: ['p50 from due', 'ms'],
  dueP99Ms: ['p99 from due', 'ms'],
  cpuPercent: ['CPU', '%'],
  pauseMs: ['longest pause of the generator', 'ms'],
  summaryMicros: ['DescribeStreamSummary', 'us/call'],
  fiveListedMicros: ['ListShards of 5', 'us/call'],
  thousandListedMicros: ['ListShards of 1,000', 'us/call'],
  fourPutMicros: ['PutRecords to 4 shards', 'us/record'],
  allPutMicros: ['PutRecords to all', 'us/record'],
  jsonPutRecordsMicros: ['PutRecords in JSON', 'us/record'],
  cborPutRecordsMicros: ['PutRecords in CBOR', 'us/record'],
  jsonPutRecordMicros: ['PutRecord in JSON', 'us/record'],
  cborPutRecordMicros: ['PutRecord in CBOR', 'us/record'],
  http1Micros: ['kept-alive HTTP/1.1', 'us/record'],
  sessionMicros: ['an HTTP/2 session each', 'us/record'],
  verifyMicros: ['verifying the signature', 'us/request'],
  decideMicros: ['deciding, with conditions', 'us/request'],
  rememberedMicros: ['deciding, remembered', 'us/request'],
  stallMs: ['longest turn of the event loop', 'ms'],
  stallCpuMs: ['CPU of its thread in a turn', 'ms'],
} as const satisfies Record<string, readonly [title: string, unit: string]>;

export type FigureName = keyof typeof figures;
export type Figures = { readonly [Name in FigureName]?: number };

export function titleOf(name: FigureName): string {
  return figures[name].join(', ');
}
