import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { formsOf, keysOn } from '../../sim/sealed.ts';
import { rootKeyOf } from '../../src/access/keys/root-key.ts';
import { checkData, isDataDamaged } from '../../src/cli/offline/data-check.ts';
import { encodeBatch } from '../../src/kinesis/record.ts';
import { openEmbeddedLog } from '../../src/log/embedded/embedded-log.ts';
import { servicesDirectory, servicesLogOptions } from '../../src/server/storage.ts';
import { tablesKey } from '../../src/services/dynamodb/tables/late-tables.ts';
import { times } from '../length.ts';
import type { FakeDisk, Survival } from '../log/fake-disk.ts';
import { TestClock, TestLogger, TestRandom } from '../log/world.ts';
import { call } from '../services/cloudwatch/cloudwatch-calls.ts';
import { tablesRequest } from '../services/dynamodb/tables-request.ts';
import type { Harness } from '../services/kinesis/harness.ts';
import { Machine, searchDisk } from './machine.ts';
import { temporaryDirectory } from './process.ts';

const roots = { old: Buffer.alloc(32, 'the old root key'), fresh: Buffer.alloc(32, 'a fresh root key') };
const outside = temporaryDirectory();
after(() => outside[Symbol.dispose]());

/** The option for a server with these root keys. */
function rootKeys(...names: (keyof typeof roots)[]): { readonly rootKey: string } {
  const path = join(outside.path, names.join('-'));
  writeFileSync(path, names.map((name) => `${roots[name].toString('hex')}\n`).join(''), { mode: 0o600 });
  return { rootKey: `file:${path}` };
}

const both = rootKeys('fresh', 'old');
const old = rootKeys('old');
const fresh = rootKeys('fresh');

/** What nobody may find. */
const canaries = {
  ...{ table: 'table-of-canaries', hash: 'canaryHashName', attribute: 'canaryAttribute' },
  ...{ key: 'the key of an item', value: 'the value of an item' },
  ...{ namespace: 'Canary/Namespace', metric: 'CanaryMetric', dimension: 'CanaryDimension' },
};

async function onTables(server: Harness, operation: string, input: object): Promise<string> {
  const { status, body } = await server.send(tablesRequest(operation, JSON.stringify(input)));
  return status === 200 ? String(body) : `${status} ${body}`;
}

async function makeTable(server: Harness): Promise<void> {
  await onTables(server, 'CreateTable', {
    TableName: canaries.table,
    AttributeDefinitions: [{ AttributeName: canaries.hash, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: canaries.hash, KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  for (let turn = 0; turn < 100; turn++) {
    const description = await onTables(server, 'DescribeTable', { TableName: canaries.table });
    if (description.includes('"ACTIVE"')) return;
    await server.clock.advance(1000);
  }
  assert.fail('the table does not become ACTIVE');
}

/** An item of 1,000 bytes: four make a segment. */
async function putItem(server: Harness, nth: number): Promise<void> {
  const value = `${canaries.value} ${nth} `.padEnd(1000, canaries.value);
  const Item = { [canaries.hash]: { S: `${canaries.key} ${nth}` }, [canaries.attribute]: { S: value } };
  assert.equal(await onTables(server, 'PutItem', { TableName: canaries.table, Item }), '{}');
}

async function itemsIn(server: Harness): Promise<number[]> {
  const text = await onTables(server, 'Scan', { TableName: canaries.table });
  return [...text.matchAll(/the key of an item (\d+)/g)].map(([, nth]) => Number(nth)).sort((a, b) => a - b);
}

async function putMetric(server: Harness): Promise<void> {
  const Dimensions = [{ Name: canaries.dimension, Value: canaries.dimension }];
  const MetricData = [{ MetricName: canaries.metric, Dimensions, Value: 7 }];
  await call(server, 'PutMetricData', { Namespace: canaries.namespace, MetricData });
}

async function metricsIn(server: Harness): Promise<number> {
  const { Metrics = [] } = await call<{ Metrics?: unknown[] }>(server, 'ListMetrics', {
    Namespace: canaries.namespace,
  });
  return Metrics.length;
}

const texts = Object.values(canaries).flatMap((text) => [
  Buffer.from(text),
  Buffer.from(Buffer.from(text).toString('base64').slice(0, -4)),
]);

/** Nothing readable, no key, and no nonce twice. Answers how many data keys there are. */
async function requireSealed(disk: FakeDisk, root: Buffer): Promise<number> {
  const { secrets, nonces } = await keysOn(disk, root, new TestRandom(1));
  await searchDisk(disk, [...texts, ...secrets.flatMap(formsOf)]);
  for (const [, used] of nonces) assert.equal(new Set(used).size, used.length);
  return nonces.size;
}

/** Where an id says that a root key has wrapped something. */
function markOf(root: Buffer): Buffer {
  const text = rootKeyOf([root], new TestRandom(1)).wrap(root, 'any');
  return Buffer.from(text.split('.').slice(0, 2).join('.'));
}

/** A disk with a table of two items and a metric, whose server was closed. */
async function filled(): Promise<Machine> {
  const machine = new Machine(old);
  const server = await machine.boot();
  await makeTable(server);
  for (let nth = 0; nth < 2; nth++) await putItem(server, nth);
  await putMetric(server);
  await machine.close(server);
  machine.disk = machine.disk.nextProcess();
  return machine;
}

test('tables and metrics lie on the disk encrypted, running, killed, closed and under another root key', async () => {
  const machine = new Machine(old);
  const killed = await machine.boot();
  await makeTable(killed);
  for (let nth = 0; nth < 10; nth++) await putItem(killed, nth);
  await putMetric(killed);
  const dataKeys = await requireSealed(machine.disk.copy(), roots.old);
  assert.equal(dataKeys, 2);
  machine.disk = machine.disk.nextProcess();
  await requireSealed(machine.disk.copy(), roots.old);
  const closed = await machine.boot();
  assert.deepEqual(await itemsIn(closed), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(await metricsIn(closed), 1);
  for (let nth = 10; nth < 13; nth++) await putItem(closed, nth);
  await machine.close(closed);
  assert.equal(await requireSealed(machine.disk.copy(), roots.old), 3);
  machine.disk = machine.disk.nextProcess();
  const rotated = await machine.boot(both);
  await putItem(rotated, 13);
  await putMetric(rotated);
  await machine.close(rotated);
  assert.ok((await requireSealed(machine.disk.copy(), roots.fresh)) > 3);
  await searchDisk(machine.disk.copy(), [markOf(roots.old), ...formsOf(roots.old)]);
  machine.disk = machine.disk.nextProcess();
  const last = await machine.boot(fresh);
  assert.equal((await itemsIn(last)).length, 14);
  assert.equal(await metricsIn(last), 1);
  await machine.close(last);
  machine.disk = machine.disk.nextProcess();
  await assert.rejects(machine.boot(old), {
    name: 'StartError',
    message: /^the root key does not open the secrets in \S+: no root key that is given has wrapped/,
  });
});

test('a server that is asked for neither tables nor metrics makes no key for them', async () => {
  const machine = new Machine(old);
  const server = await machine.boot();
  await server.clock.advance(1000);
  await machine.close(server);
  const { keys } = await checkData(machine.disk.nextProcess());
  assert.deepEqual([keys.state.version, keys.log.segments.length], [0, 0]);
});

test('whichever call of the disk the power goes at while the root key changes, one start more needs the old one no more', async () => {
  const before = await filled();
  const rotate = async (machine: Machine) => {
    const server = await machine.boot(both);
    await putItem(server, 2);
    await machine.close(server);
  };
  const counting = machineOn(before.disk.copy(), 100);
  await rotate(counting);
  const { calls } = counting.disk;
  assert.ok(calls > 10);
  let crashes = 0;
  for (let k = 0; k < calls; k += Math.max(1, Math.floor(calls / times(12, 200)))) {
    const machine = machineOn(before.disk.copy(), 100);
    const { disk } = machine;
    disk.fate = ({ index }) => (index === k ? 'crash' : undefined);
    const survival: Survival = k % 2 === 0 ? 'everything' : k;
    await Promise.race([rotate(machine), disk.crashed.then(() => crashes++)]);
    machine.disk = machine.disk.cutPower(survival);
    await machine.close(await machine.boot(both));
    machine.disk = machine.disk.nextProcess();
    await searchDisk(machine.disk.copy(), [markOf(roots.old)]);
    const server = await machine.boot(fresh);
    const items = await itemsIn(server);
    assert.deepEqual(items.slice(0, 2), [0, 1], `crash at call ${k}`);
    assert.equal(await metricsIn(server), 1);
    await putItem(server, 3);
    await machine.close(server);
    await requireSealed(machine.disk.copy(), roots.fresh);
  }
  assert.ok(crashes > 10);
});

function machineOn(disk: FakeDisk, seed: number): Machine {
  const machine = new Machine(old, seed);
  machine.disk = disk;
  return machine;
}

test('whichever call of the disk the power goes at in the life of a first table, it goes on, and shows nothing', async () => {
  const work = async (machine: Machine) => {
    const server = await machine.boot();
    await makeTable(server);
    await putItem(server, 0);
    await machine.close(server);
  };
  const counting = new Machine(old);
  await work(counting);
  const { calls } = counting.disk;
  for (let k = 0; k < calls; k += Math.max(1, Math.floor(calls / times(12, 200)))) {
    const machine = new Machine(old);
    const { disk } = machine;
    disk.fate = ({ index }) => (index === k ? 'crash' : undefined);
    await Promise.race([work(machine), disk.crashed]);
    machine.disk = machine.disk.cutPower(k % 2 === 0 ? 'everything' : k);
    const server = await machine.boot();
    await makeTable(server);
    await putItem(server, 1);
    assert.ok((await itemsIn(server)).includes(1));
    await machine.close(server);
    await requireSealed(machine.disk.copy(), roots.old);
  }
});

test('what was written in plain beside a server, with right checksums, is damage and is not served', async () => {
  const machine = await filled();
  const { disk } = machine;
  const panic = (reason: string) => assert.fail(reason);
  const env = { disk, clock: new TestClock(), random: new TestRandom(9), logger: new TestLogger(), panic };
  const raw = await openEmbeddedLog(env, servicesDirectory, servicesLogOptions);
  await raw.append(tablesKey, encodeBatch([{ partitionKey: undefined, data: Buffer.from('in plain') }]));
  await raw.close();
  machine.disk = disk.nextProcess();
  const check = await checkData(machine.disk);
  assert.equal(isDataDamaged(check), true);
  assert.match(check.findings.map(({ message }) => message).join(), /are in plain, and everything there is/);
  const server = await machine.boot();
  assert.match(await onTables(server, 'ListTables', {}), /^500 /);
  assert.equal(await metricsIn(server), 1);
  await machine.close(server);
});
