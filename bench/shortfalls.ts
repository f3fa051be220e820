/** Figures that are missed, and what that was found to be owing to with `perf` and V8's profiles. By hand, on 25 November 2026. */
export const shortfalls: readonly string[] = [
  `PutRecords over the bare server: on this machine what a record must cost is itself about 2.2 times the bare server, because a KiB written and synced
  costs nearly as much as receiving and hashing it. Of the server's CPU time 32 % is the kernel's copy into the page cache (in the pool's threads), 15 % SHA-256,
  4 % each CRC-32 and copying; garbage collection 4 %. What the code can still save is in the distance to the sum above.`,
  `MB/s against kinesalite, half of the bare server and the disk: one core is the limit. At 3.2 to 4 us a record it gives 220 to 280 MB/s; kinesalite does
  21 to 25 MB/s here, not the 16 that the goal of twenty times was set by. kinesis-local, measured in turns the same day before the last changes: ours 101 (80 to 123) times its MB/s.`,
  `PutRecord over an empty server: 41 % of the time is native code of Node's on the main thread (HTTP parser, streams, hashing), 21 % the kernel's sockets, 16 % JavaScript,
  10 % writing and syncing, 7 % garbage collection. The naive server without signatures is at twice the empty one; a parser of our own on net sockets is the step that is left.`,
  `What fsync costs: the thread that syncs runs on the same core as everything else, and its 9 us a request are what is missing.`,
  `HTTP/2 sessions: opening one costs node:http2 about 190 us by itself, also in a server that does nothing else.`,
  `Longest turn: what is left of any body takes 5 to 8 ms of CPU time of the loop's thread, of which 5 are SHA-256. A collection of the whole heap,
  every fourth to sixth put of 10 MiB, adds 2 to 5 ms to one turn, and its helpers 10 to 15 ms on the same core.`,
  `All 64 shards read cold: one thread takes 2 ms for a MB (frames, checksums, copies), 450 MB/s; the disk of this machine answers from its host's memory at up to 1.9 GB/s.`,
];
