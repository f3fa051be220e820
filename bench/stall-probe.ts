/**
 * Loaded into a server by --import: measures its longest turn of the event loop, in wall-clock time and in
 * the processor time of its thread. A turn is a round of the loop without what the loop slept in it, while it
 * waited for clients, for the disk or for other threads. Each message from the parent is answered with the
 * longest since the last one.
 */
let longest = { wallMs: 0, cpuMs: 0 };
let before = sample();

function sample() {
  // The kernel brings a thread's own time up to date when it is asked for the process's, and otherwise every
  // 4 ms.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return { awakeMs: performance.now() - performance.nodeTiming.idleTime, cpuMs: (user + system) / 1000 };
}

function turn() {
  const now = sample();
  longest = {
    wallMs: Math.max(longest.wallMs, now.awakeMs - before.awakeMs),
    cpuMs: Math.max(longest.cpuMs, now.cpuMs - before.cpuMs),
  };
  before = sample();
  setImmediate(turn).unref();
}

process.on('message', () => {
  process.send!(longest);
  longest = { wallMs: 0, cpuMs: 0 };
});
setImmediate(turn);
// Neither the channel nor the immediates keep a server alive that is told to end.
process.channel?.unref();
