import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SchemaError } from '../../../src/delivery/schema/schema-error.ts';
import type { ClientAnswer, ClientSend } from '../../../src/env/http-client.ts';
import { openSchemas, type SchemasWorld } from '../../../src/server/delivery/schemas.ts';
import { FakeDisk } from '../../log/fake-disk.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { noClient } from '../../services/kinesis/no-network.ts';

const arn = 'arn:aws:glue:eu-west-1:000000000000:schema/air/flights';
const table = { region: 'eu-west-1', database: 'lake', table: 'flights' };
const schema = { type: 'object', properties: { at: { type: 'string', format: 'date-time' } } };
const columns = [{ Name: 'at', Type: 'timestamp' }];

async function folderWith(files: Readonly<Record<string, string>>) {
  const disk = new FakeDisk();
  for (const [path, text] of Object.entries(files)) {
    await disk.createDirectory(path.slice(0, path.lastIndexOf('/')));
    const file = await disk.open(path, 'create');
    await file.write([Buffer.from(text)], 0);
    await file.close();
  }
  return openSchemas('file:///schemas', {
    ...world,
    diskAt(folder) {
      assert.equal(folder, '/schemas');
      return disk;
    },
  });
}

const world: SchemasWorld = {
  clock: new ManualClock(),
  client: noClient,
  diskAt: () => assert.fail('no folder'),
  credentials: undefined,
};

/** A Glue that answers one thing, and what it was asked. */
function glue(status: number, body: unknown) {
  const asked: ClientSend[] = [];
  const client = {
    async send(request: ClientSend): Promise<ClientAnswer> {
      asked.push(request);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return { status, headers: {}, body: Buffer.from(text) };
    },
  };
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  return { asked, source: openSchemas('https://glue.test/at', { ...world, client, credentials }) };
}

test('a folder has schemas by registry, and tables by database', async () => {
  const source = await folderWith({
    'air/flights.json': JSON.stringify(schema),
    'lake/flights.json': JSON.stringify({ Table: { StorageDescriptor: { Columns: columns } } }),
    'lake/bare.json': JSON.stringify({ StorageDescriptor: { Columns: columns } }),
  });
  assert.deepEqual(await source.schemaOf(arn), schema);
  assert.deepEqual(await source.columnsOf(table), columns);
  assert.deepEqual(await source.columnsOf({ ...table, table: 'bare' }), columns);
});

test('what is not in the folder, or is none, is said in one line', async () => {
  const source = await folderWith({ 'air/flights.json': '{', 'lake/flights.json': '{"Columns": []}' });
  await assert.rejects(source.schemaOf(arn), /^SchemaError: The file of the schema \S+ is no JSON\.$/);
  await assert.rejects(source.schemaOf(`${arn}2`), /^SchemaError: There is no file of the schema/);
  await assert.rejects(source.columnsOf(table), /^SchemaError: .* has no StorageDescriptor with Columns\.$/);
  await assert.rejects(
    source.schemaOf('arn:aws:s3:::flights'),
    /^SchemaError: .* is not the ARN of a schema/,
  );
});

test('no name leads out of the folder', async () => {
  const source = await folderWith({ 'secret/flights.json': '{}', 'air/flights.json': '{}' });
  for (const database of ['..', '.', 'air/../secret', '/secret', 'a\0b', '']) {
    const refused = source.columnsOf({ ...table, database });
    await assert.rejects(refused, /^SchemaError: There is no place for/, database);
  }
  const outside = arn.replace('/air/', '/../');
  await assert.rejects(source.schemaOf(outside), /^SchemaError: There is no place for/);
});

test('a Glue is asked for the newest version, signed for the region of the schema', async () => {
  const { asked, source } = glue(200, { DataFormat: 'JSON', SchemaDefinition: JSON.stringify(schema) });
  assert.deepEqual(await source.schemaOf(arn), schema);
  const [request] = asked;
  assert.equal(request?.url, 'https://glue.test/at');
  assert.equal(request?.headers['x-amz-target'], 'AWSGlue.GetSchemaVersion');
  assert.match(request!.headers['authorization']!, /\/eu-west-1\/glue\/aws4_request/);
  assert.deepEqual(JSON.parse(String(request?.body)), {
    SchemaId: { SchemaArn: arn },
    SchemaVersionNumber: { LatestVersion: true },
  });
});

test('a Glue is asked for a table, or for one of its versions', async () => {
  const described = { StorageDescriptor: { Columns: columns } };
  const newest = glue(200, { Table: described });
  assert.deepEqual(await newest.source.columnsOf({ ...table, version: 'LATEST' }), columns);
  assert.deepEqual(JSON.parse(String(newest.asked[0]?.body)), { DatabaseName: 'lake', Name: 'flights' });
  const third = glue(200, { TableVersion: { Table: described } });
  assert.deepEqual(await third.source.columnsOf({ ...table, version: '3', catalogId: '1' }), columns);
  assert.equal(third.asked[0]?.headers['x-amz-target'], 'AWSGlue.GetTableVersion');
});

test('what a Glue refuses is final, and what may pass is not', async () => {
  const refused = glue(400, { __type: 'EntityNotFoundException', Message: 'no such schema' });
  await assert.rejects(refused.source.schemaOf(arn), SchemaError);
  const avro = glue(200, { DataFormat: 'AVRO', SchemaDefinition: '{}' });
  await assert.rejects(avro.source.schemaOf(arn), /^SchemaError: The format of the schema \S+ is AVRO/);
  for (const [status, body] of [
    [500, 'oh'],
    [400, { __type: 'ThrottlingException' }],
  ] as const) {
    const passing = glue(status, body).source.schemaOf(arn);
    await assert.rejects(passing, (error) => error instanceof Error && !(error instanceof SchemaError));
  }
});
