import type { ClientAnswer } from '../../env/http-client.ts';
import { StartError } from '../../env/start-error.ts';
import { callsAt, type PlaceOptions, placeAt } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

/** What a server says that runs, and whether its clock and ours agree. */
export async function serverFindings(options: PlaceOptions, world: CommandWorld): Promise<Finding[]> {
  let endpoint = '';
  try {
    const place = await placeAt(options, world);
    endpoint = place.endpoint;
    const socketPath = endpoint.startsWith('unix:') ? endpoint.slice('unix:'.length) : undefined;
    const url = new URL('/health', socketPath === undefined ? endpoint : 'http://localhost/').href;
    const request = { method: 'GET', url, headers: {}, body: '', socketPath, ca: place.ca, timeoutMs: 5_000 };
    const answer = await world.client.send(request);
    const findings = [healthOf(endpoint, answer), clockOf(answer, world.clock.now())];
    return [...findings, await accessOf(options, world), transportOf(endpoint)];
  } catch (error) {
    if (error instanceof StartError) return [fault('server', error.message, 'see millrace help')];
    const reason = (error as Error).message;
    return [warning('server', `nothing answers at ${endpoint}: ${reason}`, 'start one with: millrace')];
  }
}

function healthOf(endpoint: string, { status, body }: ClientAnswer): Finding {
  const said = parsed(body);
  if (typeof said?.['version'] !== 'string')
    return ok('server', `${endpoint} answers, and is not Millrace (${status})`);
  const { version, engine } = said;
  const says = `Millrace ${version} at ${endpoint}, engine ${engine}`;
  return status === 200
    ? ok('server', says)
    : fault('server', `${says}: ${said['status']}`, 'look at its log');
}

function parsed(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}

/** AWS refuses signatures that are more than five minutes off (Signature Version 4, "Request timestamp"). */
function clockOf({ headers }: ClientAnswer, now: number): Finding {
  const theirs = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(theirs)) return ok('clock', 'the server does not say what time it has');
  const seconds = Math.round(Math.abs(now - theirs) / 1000);
  if (seconds <= 5) return ok('clock', 'agrees with the server');
  const says = `${seconds} s off from the server's`;
  if (seconds < 300) return warning('clock', says, 'have it set by NTP');
  return fault('clock', `${says}: signatures are refused from 300 s on`, 'have it set by NTP');
}

async function accessOf(options: PlaceOptions, world: CommandWorld): Promise<Finding> {
  try {
    const calls = await callsAt(options, world);
    const { StreamNames: names } = await calls.kinesis<{ readonly StreamNames: readonly string[] }>(
      'ListStreams',
      {},
    );
    const count = names.length === 0 ? 'no stream yet' : `${names.length} streams or more`;
    return ok('access', `these credentials may list streams: ${count}`);
  } catch (error) {
    return fault('access', (error as Error).message, 'set credentials that may kinesis:ListStreams');
  }
}

function transportOf(endpoint: string): Finding {
  const isPlain = endpoint.startsWith('http:');
  const isHere = /^http:\/\/(localhost|127\.|\[::1\])/.test(endpoint);
  if (!isPlain || isHere)
    return ok('TLS', isPlain ? 'not needed on this machine' : 'the way there is private');
  return warning(
    'TLS',
    `${endpoint} is plain: records can be read on the way`,
    'use https:// on the same port',
  );
}
