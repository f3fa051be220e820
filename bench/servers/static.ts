/**
 * Answers every request with the bytes of a file, read once: the floor of what sending a page can cost on
 * node:http.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, path] = process.argv.slice(2) as [string, string];
const page = readFileSync(path);

createServer((request, response) => {
  const answer = String(request.headers['x-amz-target']).endsWith('.GetRecords') ? page : describing;
  response.setHeader('Content-Type', 'application/x-amz-json-1.1');
  response.setHeader('Content-Length', answer.length);
  response.end(answer);
}).listen(Number(port), '127.0.0.1');

const describing = Buffer.from(
  JSON.stringify({ StreamNames: [], StreamDescriptionSummary: { StreamStatus: 'ACTIVE' } }),
);
