import type { HttpMessage } from '../../../src/env/network.ts';
import { authorization } from '../kinesis/harness.ts';

/** A call of DynamoDB as a request, in the only encoding that it has. */
export function tablesRequest(operation: string, body: string | Buffer, region = 'us-east-1'): HttpMessage {
  const authorized = authorization.replace('us-east-1/kinesis', `${region}/dynamodb`);
  return {
    method: 'POST',
    target: '/',
    rawHeaders: [
      ...['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z', 'Authorization', authorized],
      ...['X-Amz-Target', `DynamoDB_20120810.${operation}`, 'Content-Type', tablesType],
    ],
    body: Buffer.from(body),
  };
}

export const tablesType = 'application/x-amz-json-1.0';
