import type { Caller } from '../../../access/caller.ts';
import type { IdentityState } from '../../../access/identity/state.ts';
import type { Access, Authorizer } from '../../../access/policy/access.ts';
import { callerAs } from '../../../access/role-caller.ts';
import { type CatalogState, findStream } from '../../../catalog/state.ts';
import type { Peer } from '../../../env/network.ts';
import {
  formatStreamArn,
  parseConsumerArn,
  parseStreamArn,
  type StreamAddress,
} from '../../../kinesis/arn.ts';
import type { Consumer, Stream } from '../../../kinesis/stream.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { type FoundSource, type SourceAccess, SourceError } from './source-access.ts';

export type SourceParts = {
  readonly catalog: { readonly state: CatalogState };
  readonly identity: { readonly state: IdentityState };
  /** Undefined where signatures are not verified. */
  readonly authorizer: Authorizer | undefined;
  /**
   * Throws `ServiceError` when a caller may not have decrypted what is stored under one of these keys, or
   * nobody can: Kinesis's `KeyUse.requireToRead`.
   */
  readonly requireToRead: (caller: Caller, stream: Stream, keyArns: readonly string[]) => void;
};

/** The streams that there are, as roles and the policies of streams and consumers allow to read them. */
export function mappingSources(parts: SourceParts): SourceAccess {
  return {
    find(source, role) {
      const { stream, consumer } = requireSource(parts.catalog.state, source);
      const reader = callerAs(role, lambdaSession, stream.region, parts.identity.state);
      if (parts.authorizer !== undefined) {
        requireAllowed(parts.authorizer, reader, { source, stream, consumer });
      }
      const requireKeys: FoundSource['requireKeys'] = (keyArns) => {
        try {
          parts.requireToRead(reader, stream, keyArns);
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error;
          throw new SourceError(error.message, 'denied');
        }
      };
      return { stream, arn: source, requireKeys };
    },
  };
}

type Found = { readonly stream: Stream; readonly consumer: Consumer | undefined };

/** AWS's words for a stream that is not there (recorded). */
function requireSource(state: CatalogState, source: string): Found {
  const named = parseConsumerArn(source);
  const address = named?.stream ?? parseStreamArn(source);
  const stream = address === undefined ? undefined : serving(state, address);
  if (stream === undefined) throw new SourceError(`Stream not found: ${source}`, 'missing');
  if (named === undefined) return { stream, consumer: undefined };
  const consumer = stream.consumers.find(({ name }) => name === named.name);
  // A consumer that was registered later under the same name is another one.
  const isIt = consumer !== undefined && Math.floor(consumer.createdAt / 1000) === named.createdSecond;
  if (isIt && consumer.status !== 'DELETING') return { stream, consumer };
  throw new SourceError(`Stream not found: ${source}`, 'missing');
}

/** One that is being made has a mapping as well: its records will all be new. */
function serving(state: CatalogState, address: StreamAddress): Stream | undefined {
  const stream = findStream(state, address);
  return stream?.status === 'DELETING' ? undefined : stream;
}

/**
 * What reading takes. AWS asks for ListShards and DescribeStreamSummary where DescribeStream is not allowed,
 * and gets along without the rest of what its documentation lists: roles without them have mappings there.
 */
function requireAllowed(
  authorizer: Authorizer,
  reader: Caller,
  { source, stream, consumer }: Found & { readonly source: string },
): void {
  const streamArn = formatStreamArn(stream);
  const mayStream = (action: string) =>
    isAllowed(authorizer, { caller: reader, action, resource: streamArn, facts: stream });
  const describes =
    mayStream('kinesis:DescribeStream') ||
    (mayStream('kinesis:DescribeStreamSummary') && mayStream('kinesis:ListShards'));
  const reads =
    consumer === undefined
      ? mayStream('kinesis:GetRecords') && mayStream('kinesis:GetShardIterator')
      : isAllowed(authorizer, {
          ...{ caller: reader, action: 'kinesis:SubscribeToShard' },
          ...{ resource: source, facts: consumer },
        });
  if (describes && reads) return;
  const actions =
    consumer === undefined
      ? 'GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams'
      : 'SubscribeToShard, DescribeStreamSummary, and ListShards';
  throw new SourceError(
    `Cannot access stream ${source}. Please ensure the role can perform the ${actions} Actions on your ` +
      'stream in IAM.',
    'denied',
  );
}

function isAllowed(authorizer: Authorizer, asked: Omit<Access, 'peer'>): boolean {
  try {
    authorizer.authorize({ ...asked, peer: nowhere });
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return false;
  }
}

/** It is Lambda that calls. */
const nowhere: Peer = { address: '', secure: true, listener: '' };

/** What a session of a function's role is called in which Lambda itself reads or writes. */
export const lambdaSession = 'awslambda';
