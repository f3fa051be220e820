import assert from 'node:assert/strict';
import { authorization, type Harness, jsonType } from './harness.ts';

/** Calls an operation of KMS in JSON, which must succeed. */
export async function kmsCall<Output = unknown>(
  server: Harness,
  operation: string,
  input: object,
): Promise<Output> {
  const { status, body } = await server.send({
    method: 'POST',
    target: '/',
    rawHeaders: [
      ...['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z'],
      ...['Authorization', authorization.replace('/kinesis/', '/kms/')],
      ...['X-Amz-Target', `TrentService.${operation}`, 'Content-Type', jsonType],
    ],
    body: Buffer.from(JSON.stringify(input)),
  });
  assert.equal(status, 200, `${operation} answered ${body}`);
  return body.length === 0 ? (undefined as Output) : JSON.parse(String(body));
}
