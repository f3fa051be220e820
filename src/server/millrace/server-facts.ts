import { isLoopback } from '../../access/mode.ts';
import type { Member } from '../../cluster/members.ts';
import type { Millis } from '../../env/clock.ts';
import type { Disk } from '../../env/disk.ts';
import type { Env } from '../../env/env.ts';
import type { Place } from '../../env/network.ts';
import type { OwnProcess, ProcessFigures } from '../../env/own-process.ts';
import type { Health } from '../../gateway/health.ts';
import { authorityOf } from '../../http/peer.ts';
import type { ServerFacts } from '../../services/millrace/sights-world.ts';
import { engineOf, type ServerOptions } from '../options.ts';
import { needsTls } from '../tls-identity.ts';
import { version } from '../version.ts';
import { warningsOf } from './server-warnings.ts';

/** What a server's facts are gathered from. */
export type FactsParts = {
  readonly settings: ServerOptions;
  readonly env: Pick<Env, 'disk' | 'pressure'>;
  readonly ownProcess: OwnProcess | undefined;
  readonly startedAt: Millis;
  readonly isSigned: boolean;
  readonly endpoints: readonly Place[];
  readonly health: () => Health;
  readonly gateways: () => readonly Member[];
  /** The busy shares of threads that take requests besides the first. */
  readonly busyShares: () => readonly number[];
  readonly auditLost: () => number;
};

/** What a server knows of itself now. Rejects as the system does that is asked. */
export async function serverFacts(parts: FactsParts): Promise<ServerFacts> {
  const { settings, env, ownProcess, startedAt, isSigned, endpoints, health, gateways } = parts;
  const Engine = engineOf(settings);
  const figures = await ownProcess?.figures();
  const Disk = Engine === 'embedded' ? await diskSight(env.disk, settings.data) : undefined;
  const facts = {
    Version: version,
    NodeVersion: figures === undefined ? '' : `v${figures.nodeVersion}`,
    Engine,
    StartedAt: startedAt,
    Health: health(),
    Signed: isSigned,
    Limits: settings.limits,
    EncryptedAtRest: settings.encrypt !== undefined,
    Listeners: endpoints.map((place) => listenerOf(place, needsTls(settings))),
    ...(Disk !== undefined && { Disk }),
    Memory: memorySight(figures, env),
    Threads: threadsOf(figures, parts.busyShares()),
    Gateways: gateways().map(viewGateway),
  };
  const exposed = endpoints.filter((place) => 'port' in place && !isLoopback(place.host)).map(nameOf);
  const isPlain = !needsTls(settings);
  return {
    ...facts,
    Warnings: warningsOf({ ...facts, plainListeners: isPlain ? exposed : [], auditLost: parts.auditLost() }),
  };
}

async function diskSight(disk: Disk, path: string): Promise<NonNullable<ServerFacts['Disk']>> {
  const { freeBytes, totalBytes } = await disk.space();
  return { Path: path, FreeBytes: freeBytes, TotalBytes: totalBytes };
}

function memorySight(
  use: ProcessFigures | undefined,
  { pressure }: FactsParts['env'],
): ServerFacts['Memory'] {
  return {
    ResidentBytes: use?.residentBytes ?? 0,
    HeapUsedBytes: use?.heapUsedBytes ?? 0,
    HeapMaxBytes: use?.heapMaxBytes ?? pressure.heapBytesMax(),
    BuffersBytes: use?.externalBytes ?? 0,
    MachineBytes: use?.machineBytes ?? 0,
  };
}

function threadsOf(
  figures: ProcessFigures | undefined,
  busyShares: readonly number[],
): ServerFacts['Threads'] {
  const own = figures && {
    Name: 'owner',
    Busy: figures.loopBusyShare,
    ...(figures.loopDelay !== undefined && { PauseMillis: figures.loopDelay.maxSeconds * 1000 }),
  };
  const workers = busyShares.map((busy, nth) => ({ Name: `worker ${nth + 1}`, Busy: busy }));
  return own === undefined ? workers : [own, ...workers];
}

function viewGateway({ id, address, rack }: Member, nth: number): ServerFacts['Gateways'][number] {
  return {
    Id: id,
    ...(rack !== '' && { Zone: rack }),
    State: nth === 0 ? 'this one' : 'live',
    Address: address,
  };
}

/** `NAME=URL` where it has a name. A port that does not demand TLS speaks it, too. */
function listenerOf(place: Place, isTls: boolean): string {
  const url = 'path' in place ? `unix:${place.path}` : `${isTls ? 'https' : 'http'}://${authorityOf(place)}`;
  return place.name === undefined ? url : `${place.name}=${url}`;
}

function nameOf(place: Place): string {
  return 'path' in place ? place.path : authorityOf(place);
}
