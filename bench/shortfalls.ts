/**
 * Figures that are missed, and the causes as `perf` and V8's profiles showed them. Written by hand, on 25
 * November 2026.
 */
export const shortfalls: readonly string[] = [
  `PutRecords over the bare server: on this machine what a record must cost is itself 2.2 to 2.6 times the bare server, because a KiB written and synced
  costs as much as receiving and hashing it, and we are at 1.1 times that. Of the server's CPU time 21 % is SHA-256, 14 to 30 % the kernel's copy into the page cache (in the pool's
  threads; more when the memory has to come from the host), 5 % CRC-32, 4 % copying, 20 % compiled JavaScript, of which MD5 is a quarter; garbage collection 5 to 6 %.`,
  `MB/s against kinesalite, half of the bare server and the disk: one core is the limit. At 3.2 us a record it gives 276 MB/s; kinesalite does
  23 MB/s here, not the 16 that the goal of twenty times was set by.`,
  `PutRecord over an empty server: it costs what a naive durable server does that verifies nothing. Of the main thread's time a sixth is the system call that sends the
  answer, an eighth the signature (four SHA-256), 8 % garbage collection, 7 % reading and packing the put, 4 % HTTP itself; no other part is above 3 %. Of all CPU time 34 % is the kernel's: 9 % in the pool's threads, which write and sync, and most of the rest for sockets.`,
  `What fsync costs: the thread that syncs runs on the same core as everything else. A round has all 64 puts in it and costs some 150 us; the runs reach from 0.77 to 0.86.`,
  `HTTP/2 sessions: opening one costs node:http2 about 190 us by itself, also in a server that does nothing else; with HTTP/1.1 at 41 us a record instead of 63 the ratio grew, although a session became cheaper, too (210 us against 267).`,
  `All 64 shards read cold: one thread, 1.6 to 1.8 ms of CPU for a MB (frames, checksums, copies, and the kernel's pages for it), 530 to 580 MB/s; the disk of this machine answers from its host's memory at up to 3 GB/s.
  With 1.5 GB of files that were read before, the same reader took 0.8 ms and gave 1,400 MB/s.`,
  `Resident memory after 10 GB: a look at one moment, 206 to 255 MB in five runs around the 233 that are allowed; what varies is garbage that V8 has not collected yet.`,
  `Starting after kill -9 over reading the active segments once: the start took 206 ms, all but some milliseconds of which any process of ours takes (199 ms without a kill); the disk happened to answer from memory.`,
];
