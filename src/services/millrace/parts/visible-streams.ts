import type { Caller } from '../../../access/caller.ts';
import type { Authorizer } from '../../../access/policy/access.ts';
import type { Peer } from '../../../env/network.ts';
import { formatStreamArn, parseStreamOf } from '../../../kinesis/arn.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import type { MillraceWorld } from '../world.ts';
import { readingPermissions } from './stream-target.ts';

/** Who looks, and from where: policies may ask. */
export type Looker = { readonly caller: Caller; readonly peer: Peer };

/** The permission to see a stream, also where it is one of many in a list. */
const seeing = 'millrace:GetStreamSight';

/**
 * Says of streams of the caller's own account and region whether it may see them: who may not learns from no
 * list that they are there.
 */
export function sightOf(
  authorizer: Authorizer,
  world: Pick<MillraceWorld, 'factsOfStream'>,
  looker: Looker,
): (stream: Stream) => boolean {
  const maySee = sightOfArn(authorizer, world, looker);
  return (stream) => maySee(formatStreamArn(stream));
}

/** The same of a stream by its ARN, or by that of one of its consumers. */
export function sightOfArn(
  authorizer: Authorizer,
  { factsOfStream }: Pick<MillraceWorld, 'factsOfStream'>,
  { caller, peer }: Looker,
  action = seeing,
): (arn: string) => boolean {
  const needsFacts = authorizer.needsFacts(caller);
  return (arn) => {
    const stream = parseStreamOf(arn);
    const resource = stream === undefined ? arn : formatStreamArn(stream);
    const facts = needsFacts ? factsOfStream(resource, action) : undefined;
    try {
      authorizer.authorize({ caller, action, resource, peer, facts });
      return true;
    } catch (error) {
      if (error instanceof ServiceError) return false;
      throw error;
    }
  };
}

/**
 * Whether a looker may read what is put into a stream now, its partition keys among that: it takes the
 * permissions to read its shards, and to have decrypted what is encrypted there.
 */
export async function mayRead(
  authorizer: Authorizer,
  world: Pick<MillraceWorld, 'factsOfStream' | 'keyUse'>,
  looker: Looker,
  stream: Stream,
): Promise<boolean> {
  const arn = formatStreamArn(stream);
  const may = readingPermissions(arn).every(({ action }) =>
    sightOfArn(authorizer, world, looker, action)(arn),
  );
  if (!may) return false;
  try {
    await world.keyUse.requireToReadNew(looker.caller, stream);
    return true;
  } catch {
    // Whatever is wrong with the key, nobody reads by it now.
    return false;
  }
}
