/** A server on node:http that answers a constant at once: nothing on node:http costs less. */
import { createServer } from 'node:http';

const answer = JSON.stringify({
  FailedRecordCount: 0,
  StreamNames: [],
  StreamDescriptionSummary: { StreamStatus: 'ACTIVE' },
});

createServer((_request, response) => {
  response.setHeader('Content-Type', 'application/x-amz-json-1.1');
  response.setHeader('Content-Length', answer.length);
  response.end(answer);
}).listen(Number(process.argv[2]), '127.0.0.1');
