import { HeaderFields } from '../../src/http/headers.ts';
import type { Call } from '../../src/rpc/route.ts';
import { operations } from '../../src/services/kinesis/operations.ts';
import { protocols } from '../../src/services/kinesis/protocols.ts';

/** A call of an operation of Kinesis, in JSON, as the router finds it; for tests that only read its body. */
export function callOf(operation: string): Call {
  const service = {
    name: 'kinesis',
    scopes: [],
    protocols,
    operations,
    unserved: new Set<string>(),
    world: {},
  };
  return {
    kind: 'call',
    service: service as Call['service'],
    protocol: protocols[0],
    operation: operations.get(operation) as Call['operation'],
    called: { operation },
    headers: new HeaderFields([]),
  };
}
