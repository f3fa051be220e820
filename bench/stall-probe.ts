/**
 * Loaded into a server by --import: measures its longest turn of the event loop, in wall-clock time and in the processor time of its thread.
 * An immediate in every turn keeps the loop from sleeping, so that what lies between two of them is work. Each message from the parent is
 * answered with the longest since the last one.
 */
let wallMs = 0;
let cpuMs = 0;
let before = sample();

function sample() {
  const { user, system } = process.threadCpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
}

function turn() {
  const now = sample();
  wallMs = Math.max(wallMs, now.wall - before.wall);
  cpuMs = Math.max(cpuMs, now.cpu - before.cpu);
  before = now;
  setImmediate(turn).unref();
}

process.on('message', () => {
  process.send!({ wallMs, cpuMs });
  wallMs = 0;
  cpuMs = 0;
});
setImmediate(turn);
// Neither the channel nor the immediates keep a server alive that is told to end.
process.channel?.unref();
