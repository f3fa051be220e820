import { operation } from '../../../rpc/operation.ts';
import { streamNotFound } from '../../../stream/put.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { list, required, structure, timestamp } from '../../../wire/shape.ts';
import { consumerShape, viewConsumer } from '../parts/consumer-target.ts';
import { openPageToken, sealPageToken } from '../parts/page-token.ts';
import { nextToken, pageLimit, streamArn } from '../parts/shapes.ts';
import { requireStream } from '../parts/target.ts';
import { sameSecond } from './list-shards.ts';

export const listStreamConsumers = operation({
  name: 'ListStreamConsumers',
  summary: 'Lists the consumers of a stream by name, up to 100 at a time.',
  rate: { perSecond: 5, per: 'stream' },
  input: structure('ListStreamConsumersInput', {
    StreamARN: required(streamArn),
    NextToken: nextToken,
    MaxResults: pageLimit,
    StreamCreationTimestamp: timestamp(),
  }),
  output: structure('ListStreamConsumersOutput', { Consumers: list(consumerShape), NextToken: nextToken }),
  async handle(service, request, caller) {
    const { NextToken, MaxResults, StreamCreationTimestamp: created } = request;
    if (NextToken !== undefined && created !== undefined) {
      throw new ServiceError(
        'InvalidArgumentException',
        'NextToken and StreamCreationTimestamp cannot be provided together.',
      );
    }
    const stream = requireStream(service, request, caller);
    if (created !== undefined && !sameSecond(created, stream.createdAt)) throw streamNotFound(stream);
    const [id, after] =
      NextToken === undefined ? [stream.id, ''] : openPageToken(service, purpose, caller, NextToken);
    if (id !== stream.id) throw new ServiceError('InvalidArgumentException', 'Invalid NextToken.');
    const rest = stream.consumers.filter(({ name }) => name > String(after));
    const page = rest.slice(0, Math.min(MaxResults ?? Infinity, pageMax));
    const last = page.length < rest.length ? page.at(-1) : undefined;
    return {
      Consumers: page.map((consumer) => viewConsumer({ stream, consumer })),
      NextToken:
        last === undefined ? undefined : sealPageToken(service, purpose, caller, [stream.id, last.name]),
    };
  },
});

const purpose = 'ListStreamConsumers';
/** API reference, ListStreamConsumers. */
const pageMax = 100;
