import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { schemaOfGlueColumns } from '../../../src/delivery/schema/glue-columns.ts';
import { openDuckReader } from '../format/read-by-duckdb.ts';
import { usualReading } from '../format/rows-in-parquet.ts';
import { DeliveryTestWorld, targetOf } from './delivery-test-world.ts';

const duck = await openDuckReader();
after(() => duck[Symbol.asyncDispose]());

test('records of JSON are delivered as Parquet, and what is none goes to the errors', async () => {
  const schema = schemaOfGlueColumns([{ Name: 'n', Type: 'int' }]);
  const form = { kind: 'parquet', schema, compression: 'SNAPPY', reading: usualReading } as const;
  const world = await DeliveryTestWorld.with({
    destination: { kind: 's3', target: targetOf('b'), form },
    buffering: { bytes: 1_000_000, ms: 10_000 },
  });
  world.start();
  await world.put(0, '{"n":1}', 'none', '{"n":2}{"n":3}', '{"n":"x"}');
  await world.until(() => world.namesIn('b').length > 0 && world.namesIn('errors').length > 0);
  await world.stop();
  const converted = ['SucceedConversion', 'FailedConversion'].map((of) => world.counts.get(`${of}.Records`));
  assert.deepEqual(converted, [2, 2]);
  assert.equal(world.counts.get('FailedConversion.Bytes'), 'none{"n":"x"}'.length);
  const [name] = world.namesIn('b');
  assert.match(name!, /\.parquet$/);
  const object = { bytes: [world.store.objects.get(name!)!], contentType: '', extension: '' };
  assert.deepEqual(await duck.query(object, 'select n from file'), [{ n: 1 }, { n: 2 }, { n: 3 }]);
  const errors = world
    .objectsIn('errors')
    .flat()
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    errors.map(({ lastErrorCode, rawData }) => [lastErrorCode, Buffer.from(rawData, 'base64').toString()]),
    [
      ['DataFormatConversion.ParseError', 'none'],
      ['DataFormatConversion.MalformedData', '{"n":"x"}'],
    ],
  );
});
