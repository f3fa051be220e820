// What `npm start` runs: the command, with the compile cache there before the first TypeScript. What the
// cache holds has no types any more, so Node does not even load what takes them away: 14 MB less in memory,
// and a sooner start. The installed command is JavaScript already.
import module from 'node:module';

// Node 20 does not read TypeScript, so it cannot even be told by src/server/node-version.ts, as others are.
const [major] = process.versions.node.split('.');
if (Number(major) < 22) {
  const version = process.versions.node;
  process.stderr.write(
    `millrace needs Node.js 24 or newer, this is ${version}: get a newer one from https://nodejs.org\n`,
  );
  process.exit(78); // EX_CONFIG of sysexits.h.
}
// An older Node has none; the command says in one line that it will not do.
module.enableCompileCache?.();
await import('../src/cli/main.ts');
