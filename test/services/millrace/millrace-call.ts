import { authorization, type Harness, jsonType } from '../kinesis/harness.ts';

/** Calls an operation of Millrace's own in JSON, whatever becomes of it. */
export async function millraceAnswer(server: Harness, operation: string, input: object) {
  const { status, body } = await server.send({
    method: 'POST',
    target: '/',
    rawHeaders: [
      ...['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z'],
      ...['Authorization', authorization.replace('/kinesis/', '/millrace/')],
      ...['X-Amz-Target', `Millrace_20261129.${operation}`, 'Content-Type', jsonType],
    ],
    body: Buffer.from(JSON.stringify(input)),
  });
  return { status, body: body.length === 0 ? undefined : JSON.parse(String(body)) };
}

/** The same of a call that must succeed. */
export async function millraceCall(server: Harness, operation: string, input: object) {
  const { status, body } = await millraceAnswer(server, operation, input);
  if (status !== 200) throw new Error(`${operation} answered ${status} ${JSON.stringify(body)}`);
  return body;
}
