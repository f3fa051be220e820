import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerName, endOf } from '../../../console/pages/readers/caller-name.ts';
import { addressOf, isAt } from '../../../console/pages/readers/reader-address.ts';
import { dangerOf } from '../../../console/pages/readers/reader-danger.ts';
import { topologyOf } from '../../../console/pages/readers/topology.ts';
import { placeOf } from '../../../console/shell/address.ts';
import { pageAt } from '../../../console/shell/pattern.ts';
import type { ListReadersAnswer, ReaderSight } from '../../../src/services/millrace/sights.ts';

function reader(Name: string, StreamName: string, more: Partial<ReaderSight> = {}): ReaderSight {
  return { Kind: 'kcl', Name, StreamName, State: 'running', Shards: [], ...more };
}

function producer(Name: string, StreamName: string): ListReadersAnswer['Producers'][0] {
  return { Name, StreamName, Records: 1, Bytes: 1, At: 1 };
}

test('whoever calls is named by what tells one from the other', () => {
  const names = {
    'arn:aws:iam::000000000000:user/ada': 'user/ada',
    'arn:aws:sts::000000000000:assumed-role/reader/session-1': 'assumed-role/reader/session-1',
    'arn:aws:lambda:us-east-1:000000000000:function:billing': 'function:billing',
    'aws-sdk-js/3.1142.0 ua/2.1 os/linux#6.18 lang/js api/kinesis#3.1142.0': 'aws-sdk-js/3.1142.0',
    'Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1': 'Boto3/1.40.1',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36':
      'Chrome 142',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/142.0.0.0 Safari/537.36': 'Chrome 142',
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.1.2':
      'Edge 142',
    'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0': 'Firefox 145',
    'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15':
      'Safari 26',
    's3://lake': 's3://lake',
    'https://127.0.0.1:1/put': 'https://127.0.0.1:1/put',
    billing: 'billing',
  };
  assert.deepEqual(Object.keys(names).map(callerName), Object.values(names));
  assert.equal(endOf('abcdef', 6), 'abcdef');
  assert.equal(endOf('abcdefg', 6), '…cdefg');
});

test('a reader is in danger by how much of the retention is left, whatever that is', () => {
  const hour = 3_600_000;
  const danger = (LagMillis: number, retentionHours: number) =>
    dangerOf({ LagMillis, TimeToLossMillis: Math.max(0, retentionHours * hour - LagMillis) });
  assert.equal(danger(0, 24), 'none');
  assert.equal(danger(11 * hour, 24), 'none');
  assert.equal(danger(13 * hour, 24), 'soon');
  assert.equal(danger(23.1 * hour, 24), 'now');
  assert.equal(danger(48 * hour, 24), 'now');
  assert.equal(danger(13 * hour, 168), 'none');
  assert.equal(dangerOf({}), 'none');
});

test('an address leads to one reader, whatever its name', () => {
  const odd = reader('a/b?c#%', 'orders', { Kind: 'polling' });
  const { segments } = placeOf(`http://localhost${addressOf(odd)}`);
  const found = pageAt([{ pattern: 'readers/:kind/:stream/:name' }], segments);
  assert.ok(isAt(odd, found!.parameters));
  for (const other of [
    reader('a/b?c#%', 'orders'),
    reader('a/b?c#%', 'clicks', { Kind: 'polling' }),
    reader('a/b', 'orders', { Kind: 'polling' }),
    reader('a/b?c#%', 'orders', { Kind: 'polling', Id: 'another' }),
  ]) {
    assert.ok(!isAt(other, found!.parameters));
  }
});

test('a drawing has each once, with a line to all that it feeds', () => {
  const { nodes, edges, rows } = topologyOf({
    Producers: [producer('web', 'orders'), producer('web', 'clicks'), producer('web', 'orders')],
    Readers: [
      reader('poller', 'orders', { Kind: 'polling' }),
      reader('poller', 'clicks', { Kind: 'polling' }),
      reader('app', 'orders'),
      reader('app', 'clicks'),
      reader('archive', 'orders', { Kind: 'delivery', To: 's3://lake' }),
      reader('copies', 'clicks', { Kind: 'delivery', To: 's3://lake' }),
    ],
  });
  const inColumn = (column: number) => nodes.filter((node) => node.column === column).map(({ name }) => name);
  assert.deepEqual(inColumn(0), ['web']);
  assert.deepEqual(inColumn(1).sort(), ['clicks', 'orders']);
  // One who polls is one caller, whatever it polls; two applications of one name are two.
  assert.deepEqual(inColumn(2).sort(), ['app', 'app', 'archive', 'copies', 'poller']);
  assert.deepEqual(inColumn(3), ['s3://lake']);
  assert.equal(edges.length, 2 + 6 + 2);
  assert.equal(rows, 5);
  const ids = new Set(nodes.map(({ id }) => id));
  for (const { from, to } of edges) assert.ok(ids.has(from) && ids.has(to), `${from} ${to}`);
  const places = nodes.map(({ column, row }) => `${column}/${row}`);
  assert.equal(new Set(places).size, nodes.length);
});

test('who reads stands near what it reads, so that no lines cross without need', () => {
  const streams = ['a', 'b', 'c', 'd'];
  const { nodes } = topologyOf({
    // By name alone, the lines would all cross.
    Producers: streams.map((stream, index) => producer(`producer ${9 - index}`, stream)),
    Readers: streams.map((stream, index) => reader(`reader ${9 - index}`, stream, { To: `to ${9 - index}` })),
  });
  for (const column of [0, 1, 2, 3]) {
    const own = nodes.filter((node) => node.column === column).sort((one, other) => one.row - other.row);
    const order = own.map(({ name }) => name.slice(-1)).join('');
    assert.equal(order, column === 1 ? 'abcd' : '9876', `column ${column}`);
  }
});

test('nobody is no drawing', () => {
  assert.deepEqual(topologyOf({ Producers: [], Readers: [] }), { nodes: [], edges: [], rows: 0 });
});
