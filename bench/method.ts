/** How it is measured, in paragraphs. */
export const method: readonly string[] = [
  `PutRecords sends 500 records of 1 KiB per request over 8 connections to 4 shards; PutRecord one of 1 KiB over 64. A
generator in a process of its own replays requests that it signed beforehand, one at a time on each kept-alive
connection (a closed loop: latencies are those of a saturated server). Only a 200 without failed records counts. GetRecords then
reads all shards from TRIM_HORIZON to the tip at once and must find exactly what was acknowledged. The servers take turns, A B C and then
C B A, each time in a new process and an empty directory, the server on one core and the generator on another;
ratios are taken within a round.`,
  `What a record must cost is measured in the same round on the same core: what a server on node:http pays that reads
and hashes such bodies, and alone, in a process that does nothing else, decoding their base64, hashing their keys with MD5, a CRC-32 over their
data, and writing and syncing as many bytes in rounds of 4 MiB, which is what eight such requests make.`,
  `What fsync costs is the same program with a library under it (LD_PRELOAD) whose fsync and fdatasync do nothing; the program has no
switch for it.`,
  `Latencies against a rate come from an open loop: requests are due at fixed times whatever the server does, and each latency counts from when
the request was due, also when all connections were busy. The schedule is kept by looking at the clock, not by timers, which are a
millisecond late.`,
  `Fan-out puts records of 1 KiB, five to a request, on such a schedule, while consumers are subscribed to the one shard by SubscribeToShard over
HTTP/2 without TLS, each on a connection of its own. Producer and consumers are one process with one clock: the latency is the time from
sending the put to having the event, its checksums verified and its JSON parsed. Every consumer must have had every acknowledged record once
and in order. The longest pause of that process is told next to it, because its own garbage collection is part of what it measures.`,
  `The longest turns of the event loop are told by a module that is loaded into the server before its program (--import) and looks at the clock in
every turn, in wall-clock time and in CPU time of the thread; what the loop slept in between is no part of a turn. Each request is sent five times, alone.`,
  `Cold reads and starts after a kill find nothing in memory: the kernel is asked to forget the files (posix_fadvise), and what the disk takes
to read them from end to end is measured in between, in the same way. The server was started again, so it remembers nothing either.`,
  `On Kafka, three brokers with the settings of \`npm run kafka\` run on both cores beside gateway and generator, started and warmed up for 20 s (batches of 500, then of one)
before the first turn; they stay the same. The client library's own produce encodes and sends batches of 500, acks=all, eight under way over as many connections, in a process on the gateway's core, to a topic of as many partitions with
three replicas, before and after each put load. A turn says the load average of the machine, because there the brokers and others cannot be told apart.`,
  `Growth is measured with one thing growing and all else as above, each point on a server of its own, but for retained data, where one
server gets more and more.`,
  `A virtual machine may give pages that were free for a few seconds back to its host, and then each costs a fault when it is touched again: a write to the page
cache is several times dearer than on a machine whose memory is warm. So before each turn a process of its own touches up to 3 GB,
frees them, appends 4 KiB and 512 KiB at a time, with fdatasync, and tells the CPU time of a KiB. A turn before which a KiB cost more than
twice the least of the session is repeated, and so is a turn in which other processes used more than 10 % of the processors, ten times in all at
most; the turns that stand although it was so are counted above.`,
];
