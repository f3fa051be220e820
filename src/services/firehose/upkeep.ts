import type { Catalog } from '../../catalog/catalog.ts';
import { streamKeyOf } from '../../catalog/state.ts';
import {
  type DeliveryEdit,
  type DeliveryJournal,
  type DeliveryState,
  deliveryStreamKeyOf,
} from '../../delivery/state/delivery-state.ts';
import type { DeliveryStreamRecord } from '../../delivery/state/delivery-stream.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import { isServing } from '../../kinesis/stream.ts';
import { forEach, type Tick } from '../../stream/background.ts';
import {
  editsOfHiddenGone,
  editsOfHiddenTags,
  findHidden,
  hiddenStream,
  isOfDeliveryStream,
  keyOf,
  ownerOfHidden,
} from './parts/hidden-stream.ts';

export type FirehoseUpkeep = {
  readonly catalog: Catalog;
  readonly journal: DeliveryJournal;
  readonly clock: Pick<Clock, 'now'>;
  /**
   * How long a delivery stream is CREATING or DELETING, and its encryption ENABLING or DISABLING, at least.
   */
  readonly transitionDelay: Millis;
  /** See `FirehoseWorld`. */
  readonly encryptionKey: string | null;
  /** Told of streams of the catalog that are to change their state. */
  readonly nudge: () => void;
};

/**
 * Brings delivery streams to the states that they are on their way to, with their hidden streams; each step
 * may be repeated, and others may do the same. A hidden stream whose delivery stream is not there goes as
 * well.
 */
export function firehoseTick(world: FirehoseUpkeep): Tick {
  return async () => {
    let next: Millis | undefined;
    await forEach(streamsIn(world.journal.state), async (stream) => {
      const wait = await settle(world, stream);
      if (wait !== undefined) next = Math.min(next ?? wait, wait);
    });
    await forgetOrphans(world);
    return next;
  };
}

function streamsIn(state: DeliveryState): DeliveryStreamRecord[] {
  return Array.from(state.entries('stream'), ([, stream]) => stream);
}

/** Answers in how long it is to be looked at again; undefined where nothing is under way. */
async function settle(world: FirehoseUpkeep, stream: DeliveryStreamRecord): Promise<Millis | undefined> {
  if (stream.status === 'CREATING') return await settleCreation(world, stream);
  if (stream.status === 'DELETING') return await settleDeletion(world, stream);
  return await settleEncryption(world, stream);
}

async function settleCreation(
  world: FirehoseUpkeep,
  stream: DeliveryStreamRecord,
): Promise<Millis | undefined> {
  const { catalog, clock, encryptionKey, nudge } = world;
  if (stream.type === 'DirectPut' && findHidden(catalog.state, stream) === undefined) {
    await catalog.commit((state) => {
      if (findHidden(state, stream) !== undefined) return [];
      return [{ kind: 'stream-created', stream: hiddenStream(state, stream, clock.now(), encryptionKey) }];
    });
    nudge();
  }
  const wait = dueIn(world, stream.createdAt);
  if (wait > 0) return wait;
  const hidden = findHidden(catalog.state, stream);
  if (stream.type === 'DirectPut' && (hidden === undefined || !isServing(hidden))) return lookAgainMs;
  const isEncrypted = stream.encryption.status === 'ENABLING';
  await say(world, stream, {
    ...stream,
    status: 'ACTIVE',
    encryption: isEncrypted ? { ...stream.encryption, status: 'ENABLED' } : stream.encryption,
  });
  return undefined;
}

/** What was delivered of it is forgotten by who delivers, once it is not wanted. */
async function settleDeletion(
  world: FirehoseUpkeep,
  stream: DeliveryStreamRecord,
): Promise<Millis | undefined> {
  const { catalog, clock, nudge } = world;
  const hidden = findHidden(catalog.state, stream);
  if (hidden !== undefined) {
    if (hidden.status === 'DELETING') return lookAgainMs;
    await catalog.commit((state) => editsOfHiddenGone(state, stream, clock.now()));
    nudge();
    return lookAgainMs;
  }
  const wait = dueIn(world, stream.updatedAt);
  if (wait > 0) return wait;
  await say(world, stream, undefined);
  return undefined;
}

async function settleEncryption(
  world: FirehoseUpkeep,
  stream: DeliveryStreamRecord,
): Promise<Millis | undefined> {
  const { encryption, updatedAt } = stream;
  const isChanging = encryption.status === 'ENABLING' || encryption.status === 'DISABLING';
  if (!isChanging) return await settleTags(world, stream);
  const wait = dueIn(world, updatedAt);
  if (wait > 0) return wait;
  const encryptionKey = keyOf(stream) ?? world.encryptionKey;
  await world.catalog.commit((state) => {
    const hidden = findHidden(state, stream);
    if (hidden === undefined || hidden.encryptionKey === encryptionKey) return [];
    return [{ kind: 'settings-changed', key: streamKeyOf(hidden), settings: { encryptionKey } }];
  });
  const settled =
    encryption.status === 'ENABLING'
      ? ({ ...encryption, status: 'ENABLED' } as const)
      : ({ status: 'DISABLED', changedAt: encryption.changedAt } as const);
  await say(world, stream, { ...stream, encryption: settled });
  return undefined;
}

/** Tags are kept twice, and a crash may have come in between. */
async function settleTags(
  { catalog, journal }: FirehoseUpkeep,
  stream: DeliveryStreamRecord,
): Promise<undefined> {
  if (editsOfHiddenTags(catalog.state, stream).length === 0) return;
  await catalog.commit((state) => {
    const now = journal.state.get('stream', deliveryStreamKeyOf(stream));
    return now === undefined ? [] : editsOfHiddenTags(state, now);
  });
}

/** A clock that was set back since says nothing: nobody is to wait until it is as late again. */
function dueIn({ clock, transitionDelay }: FirehoseUpkeep, since: Millis): Millis {
  const waited = clock.now() - since;
  return waited < 0 ? 0 : Math.max(0, transitionDelay - waited);
}

/** The stream's own transition may be a moment behind. */
const lookAgainMs: Millis = 20;

/** Commits what became of a delivery stream, unless it is not what it was: others may have been faster. */
async function say(
  { journal }: FirehoseUpkeep,
  seen: DeliveryStreamRecord,
  value: DeliveryStreamRecord | undefined,
): Promise<void> {
  const key = deliveryStreamKeyOf(seen);
  await journal.commit((state): DeliveryEdit[] => {
    const now = state.get('stream', key);
    const isSame = now?.id === seen.id && now.status === seen.status && now.updatedAt === seen.updatedAt;
    if (!isSame) return [];
    const edit = { of: 'stream', key } as const;
    return [value === undefined ? { kind: 'forgotten', ...edit } : { kind: 'said', ...edit, value }];
  });
}

/**
 * A hidden stream is made after its delivery stream is kept, and goes before it: what is left without one is
 * of a creation that was refused in between. All that was kept before is read first.
 */
async function forgetOrphans({ catalog, journal, clock, nudge }: FirehoseUpkeep): Promise<void> {
  const orphansIn = (state: DeliveryState) =>
    [...catalog.state.streams.values()]
      .filter(isOfDeliveryStream)
      .filter((hidden) => state.get('stream', deliveryStreamKeyOf(ownerOfHidden(hidden))) === undefined)
      .filter(({ status }) => status !== 'DELETING');
  if (orphansIn(journal.state).length === 0) return;
  for (const orphan of orphansIn(await journal.current())) {
    await catalog.commit((state) => editsOfHiddenGone(state, ownerOfHidden(orphan), clock.now()));
    nudge();
  }
}
