import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterOf, joinWithDirectory } from '../../src/server/cluster-directory.ts';
import { FakeDisk } from '../log/fake-disk.ts';

const refused = (message: string) => ({ name: 'StartError', message });

test('a directory is of the server of one cluster, which it says', async () => {
  const disk = new FakeDisk();
  assert.equal(await clusterOf(disk), undefined);
  await joinWithDirectory({ data: 'd', cluster: 'one' }, disk);
  await joinWithDirectory({ data: 'd', cluster: 'one' }, disk);
  assert.equal(await clusterOf(disk), 'one');
  await assert.rejects(
    joinWithDirectory({ data: 'd', cluster: 'two' }, disk),
    refused('the data directory d is of a server of the cluster one, not two'),
  );
});

test('a directory with streams is not taken for a server on Kafka', async () => {
  const disk = new FakeDisk();
  await disk.createDirectory('catalog');
  await assert.rejects(
    joinWithDirectory({ data: 'd', cluster: 'one' }, disk),
    refused('the data directory d has streams, which a server on Kafka would not serve: name another one'),
  );
});

test('a directory whose mark a crash left empty gets its mark', async () => {
  const disk = new FakeDisk();
  await (await disk.open('cluster', 'create')).close();
  await joinWithDirectory({ data: 'd', cluster: 'one' }, disk);
  assert.equal(await clusterOf(disk), 'one');
});
