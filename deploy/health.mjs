// Whether the server in this container works: exit code 0, else 1 and a line that says why. Asks /health at
// the port of MILLRACE_PORT; over TLS where the port speaks nothing else, and then whoever answers is
// believed: it is this machine.
import http from 'node:http';
import https from 'node:https';

const port = Number(process.env.MILLRACE_PORT ?? 4567);
const requiresTls = /^(true|1)$/.test(process.env.MILLRACE_REQUIRE_TLS ?? '');
const { client, options } = requiresTls
  ? { client: https, options: { rejectUnauthorized: false } }
  : { client: http, options: {} };

const request = client.get(
  { ...options, host: '127.0.0.1', port, path: '/health', timeout: 4_000 },
  (answer) => {
    answer.resume();
    if (answer.statusCode === 200) process.exit(0);
    fail(`/health answered ${answer.statusCode}`);
  },
);
request.on('timeout', () => request.destroy(new Error('no answer within 4 s')));
request.on('error', (error) => fail(error.message));

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
