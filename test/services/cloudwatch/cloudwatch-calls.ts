import assert from 'node:assert/strict';
import { authorization, type Harness } from '../kinesis/harness.ts';

/** A call in JSON, whatever becomes of it: `MissingParameter: The parameter …`, or its answer. */
export async function answer(server: Harness, operation: string, input: object): Promise<unknown> {
  const { status, headers, body } = await server.send({
    method: 'POST',
    target: '/',
    rawHeaders: [
      ...['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z'],
      ...['Authorization', authorization.replace('/kinesis/', '/monitoring/')],
      ...['X-Amz-Target', `GraniteServiceVersion20100801.${operation}`],
      ...['Content-Type', 'application/x-amz-json-1.0'],
    ],
    body: Buffer.from(JSON.stringify(input)),
  });
  const said = body.length === 0 ? undefined : JSON.parse(String(body));
  if (status === 200) return said;
  return `${headers['x-amzn-query-error']?.split(';')[0]}: ${said.message ?? said.Message ?? ''}`;
}

/** The same, which must succeed. */
export async function call<Output = unknown>(
  server: Harness,
  operation: string,
  input: object,
): Promise<Output> {
  const answered = await answer(server, operation, input);
  assert.notEqual(typeof answered, 'string', `${operation}: ${answered}`);
  return answered as Output;
}
