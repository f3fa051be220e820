import type { HttpMessage } from '../../../src/env/network.ts';
import { accessKeyId, key, type Order, sign } from './signer.ts';

/** The key of the corpus is a temporary one: its token is a part of most requests. */
export const temporary = { ...key, sessionToken: 'IQo/b3+=' };

const keys = { temporary: { find: (id: string) => (id === accessKeyId ? temporary : undefined) } };
const lasting = { find: (id: string) => (id === accessKeyId ? key : undefined) };

/** A request as the SDK signs it, and the keys that it is verified with. */
export type Signed = {
  readonly name: string;
  readonly request: HttpMessage;
  readonly keys: typeof lasting;
};

const json = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.PutRecord' };
const form = 'Action=GetCallerIdentity&Version=2011-06-15';

/** One request of each kind that is served: every protocol, both places of a signature, both HTTPs. */
const orders: Readonly<Record<string, Order>> = {
  'JSON over HTTP/1.1': {
    headers: { host: 'h:1', ...json },
    body: '{"StreamName":"a","Data":"aGk=","PartitionKey":"k"}',
  },
  'JSON over HTTP/2': { headers: { ':authority': 'h:1', ...json }, body: '{"StreamName":"a"}' },
  'JSON with a session token': { headers: { host: 'h:1', ...json }, key: temporary, body: '{"A":1}' },
  'JSON with a declared hash': {
    headers: {
      host: 'h:1',
      ...json,
      // Of the body, {}.
      'x-amz-content-sha256': '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    },
    body: '{}',
  },
  CBOR: {
    headers: { host: 'h:1', ...json, 'content-type': 'application/x-amz-cbor-1.1' },
    body: Buffer.from('bf6a53747265616d4e616d656161ff', 'hex'),
  },
  'RPC in CBOR': {
    path: '/service/Kinesis_20131202/operation/DescribeStream',
    headers: {
      ':authority': 'h:1',
      'content-type': 'application/cbor',
      accept: 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
    },
    key: temporary,
    body: Buffer.from('bf6a53747265616d4e616d656161ff', 'hex'),
  },
  'a form': {
    headers: { host: 'h:1', 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    service: 'sts',
    body: form,
  },
  'a query': {
    method: 'GET',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15', 'a/b': '~ c', empty: '' },
    headers: { host: 'h:1' },
    service: 'sts',
    body: '',
  },
  'a query signed in advance': {
    method: 'GET',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: { host: 'h:1' },
    service: 'sts',
    key: temporary,
    expiresIn: 60,
    body: '',
  },
  'JSON signed in advance': { headers: { ':authority': 'h:1', ...json }, expiresIn: 60, body: '{"A":1}' },
  'a path, a query and blanks': {
    headers: { host: 'h:1', 'content-type': 'a b', 'x-amz-target': 'K_1.Put', empty: '' },
    key: temporary,
    query: { 'a/b': '~ c', z: ['2', '1'] },
    path: '/p/q%20r/',
    body: '{"A":1}',
  },
};

export async function corpus(): Promise<Signed[]> {
  return await Promise.all(
    Object.entries(orders).map(async ([name, order]) => ({
      name,
      request: await sign(order),
      keys: order.key === undefined ? lasting : keys.temporary,
    })),
  );
}
