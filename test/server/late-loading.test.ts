import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { temporaryDirectory } from './process.ts';

/** What only a server on Kafka needs. */
const ofKafka =
  /\/src\/(cluster\/(?!placed-here)|log\/kafka|http\/peers|env\/platformatic)|@platformatic|cluster-part|kafka-storage/;

/** What of Lambda is there before the first call: by what a call is known, and whom it then loads. */
const headOfLambda = /\/(lambda|late-lambda|attached-functions|begin-lambda|lambda-options)\.ts$/;

/** What deliveries and archives are made of, and the packages that only they use. */
const ofDeliveries =
  /\/src\/(objects|iceberg|delivery|server\/(delivery|archive))\/|object-store|hyparquet|avsc|yazl/;
/** What of them is there before: by what deliveries are begun. What of an archive a stream's own log says. */
const headOfDeliveries = /\/(late-delivery|begin-delivery|delivery-key)\.ts$/;
const ofArchives = /\/src\/log\/embedded\/archive\//;
const headOfArchives = /\/(archivable|archive-entry|archive-note|archived-files|archived-segments)\.ts$/;

/** What services besides Kinesis do once they are called. */
const operationsOfOthers = /\/src\/services\/(?!kinesis\/)[a-z]+\/operations/;

/** All modules that a server loads which nobody asks for anything. */
function loadedByServer(): readonly string[] {
  using directory = temporaryDirectory();
  const server = new URL('../../src/server/server.ts', import.meta.url).href;
  const source = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    const { startServer } = await import('${server}');
    const server = await startServer({ data: '${directory.path}', port: 0, logLevel: 'silent' });
    await server.close();
    console.log(JSON.stringify(loaded));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], {
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  const loaded: string[] = JSON.parse(stdout);
  assert.ok(loaded.length > 100, `only ${loaded.length} modules were seen`);
  return loaded;
}

const loaded = loadedByServer();

test('a server loads no operations but those of Kinesis before somebody calls them', () => {
  assert.deepEqual(
    loaded.filter((url) => operationsOfOthers.test(url)),
    [],
  );
});

test('a server on one machine loads nothing of what one on Kafka needs, and of Lambda only what knows its calls', () => {
  assert.deepEqual(
    loaded.filter((url) => ofKafka.test(url)),
    [],
  );
  const ofLambda = loaded.filter((url) => /\/lambda|node-processes|yauzl/.test(url));
  assert.ok(ofLambda.length > 0);
  assert.deepEqual(
    ofLambda.filter((url) => !headOfLambda.test(url)),
    [],
  );
});

test('a server that is asked for no delivery and names no archive loads nothing of stores, tables and formats', () => {
  assert.deepEqual(
    loaded.filter((url) => ofDeliveries.test(url) && !headOfDeliveries.test(url)),
    [],
  );
  assert.deepEqual(
    loaded.filter((url) => ofArchives.test(url) && !headOfArchives.test(url)),
    [],
  );
  assert.equal(loaded.filter((url) => /\/src\/services\/firehose\//.test(url)).length, 1);
});

test('a server that nobody looks at loads nothing of what there is to see', () => {
  const seen = loaded.filter((url) => /\/server\/millrace\/|node-own-process|logged-trail/.test(url));
  assert.deepEqual(
    seen.map((url) => url.split('/').at(-1)),
    ['late-sights.ts'],
  );
});

test('a server whose console nobody opens loads no more of it than what knows its path', () => {
  const ofConsole = loaded.filter((url) => /\/src\/server\/console\/|node-folder\.ts/.test(url));
  assert.deepEqual(
    ofConsole.map((url) => url.replace(/^.*\//, '')),
    ['console-pages.ts'],
  );
});
