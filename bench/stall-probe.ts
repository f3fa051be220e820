/**
 * Loaded into a server by --import: measures its longest turn of the event loop, in wall-clock time, in the
 * processor time of its thread and in that of all threads of the process, which are on one core with it. An
 * immediate in every turn keeps the loop from sleeping, so that what lies between two of them is work. Each
 * message from the parent is answered with the longest since the last one.
 */
let longest = { wallMs: 0, cpuMs: 0, processMs: 0 };
let before = sample();

function sample() {
  // In this order: the kernel brings a thread's own time up to date when it is asked for the process's, and
  // otherwise every 4 ms.
  const all = process.cpuUsage();
  const own = process.threadCpuUsage();
  return {
    wallMs: performance.now(),
    cpuMs: (own.user + own.system) / 1000,
    processMs: (all.user + all.system) / 1000,
  };
}

function turn() {
  const now = sample();
  longest = {
    wallMs: Math.max(longest.wallMs, now.wallMs - before.wallMs),
    cpuMs: Math.max(longest.cpuMs, now.cpuMs - before.cpuMs),
    processMs: Math.max(longest.processMs, now.processMs - before.processMs),
  };
  // A server that has nothing to do sleeps, and other threads work then. One that never slept would be
  // stopped in the middle of its turns for them.
  Atomics.wait(nobody, 0, 0, sleepMs);
  before = sample();
  setImmediate(turn).unref();
}

const nobody = new Int32Array(new SharedArrayBuffer(4));
const sleepMs = 0.1;

process.on('message', () => {
  process.send!(longest);
  longest = { wallMs: 0, cpuMs: 0, processMs: 0 };
});
setImmediate(turn);
// Neither the channel nor the immediates keep a server alive that is told to end.
process.channel?.unref();
