import assert from 'node:assert/strict';
import type { Harness } from '../kinesis/harness.ts';

/** An answer of the service, as JSON is read. */
export type Answered = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

/** Calls an operation of Millrace's own on an open server, as anyone of a region. */
export async function looked(harness: Harness, operation: string, input: object = {}): Promise<Answered> {
  const { method, target, rawHeaders } = harness.request(operation, '');
  const headers = rawHeaders.map((text) =>
    text
      .replace(`Kinesis_20131202.${operation}`, `Millrace_20261129.${operation}`)
      .replace('/kinesis/aws4_request', '/millrace/aws4_request'),
  );
  const body = Buffer.from(JSON.stringify(input));
  const answer = await harness.send({ method, target, rawHeaders: headers, body });
  return { status: answer.status, body: JSON.parse(String(answer.body)) };
}

/** The same, which must succeed: its answer. */
export async function look<Answer>(harness: Harness, operation: string, input: object = {}): Promise<Answer> {
  const { status, body } = await looked(harness, operation, input);
  assert.equal(status, 200, `${operation}: ${JSON.stringify(body)}`);
  return body as Answer;
}
