/** The floor of what a server on node:http can cost: it reads and hashes each body, and keeps nothing. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const answer = JSON.stringify({
  FailedRecordCount: 0,
  StreamNames: [],
  StreamDescriptionSummary: { StreamStatus: 'ACTIVE' },
});

const server = createServer((request, response) => {
  const digest = createHash('sha256');
  request.on('data', (chunk) => digest.update(chunk));
  request.on('end', () => {
    digest.digest();
    response.setHeader('Content-Type', 'application/x-amz-json-1.1');
    response.setHeader('Content-Length', answer.length);
    response.end(answer);
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1');
