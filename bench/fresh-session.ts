import { connect } from 'node:http2';
import type { Answer } from '../harness/connection.ts';

/** One request over an HTTP/2 session of its own, without TLS, which is closed again. */
export function exchangeOnce(
  port: number,
  headers: Record<string, string>,
  body: Uint8Array,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', reject);
  const stream = session.request({ ...headers, ':method': 'POST', ':path': '/' });
  const chunks: Buffer[] = [];
  let status = 0;
  stream.on('response', (answer) => {
    status = answer[':status'] ?? 0;
  });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', reject);
  stream.on('end', () => {
    const all = Buffer.concat(chunks);
    session.close(() => resolve({ status, body: all, bodyBytes: all.length }));
  });
  stream.end(body);
  return promise;
}
