/** Loaded into a server before its program: tells, when asked, what is left in memory without its garbage. */
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  process.send!({ heapUsed, arrayBuffers });
});
// The channel alone keeps no server running.
process.channel?.unref();
