import { list, required, structure, timestamp } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { consumerShape, viewConsumer } from '../parts/consumer-target.ts';
import { openPageToken, sealPageToken } from '../parts/page-token.ts';
import { streamNamed } from '../parts/prepare.ts';
import { nextToken, pageLimit, streamArn } from '../parts/shapes.ts';
import { addressOf, requireCreatedAt, requireStreamAt } from '../parts/target.ts';

export const listStreamConsumers = operation({
  name: 'ListStreamConsumers',
  summary: 'Lists the consumers of a stream by name, up to 100 at a time.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'stream' },
  input: structure('ListStreamConsumersInput', {
    StreamARN: required(streamArn),
    NextToken: nextToken,
    MaxResults: pageLimit,
    StreamCreationTimestamp: timestamp(),
  }),
  output: structure('ListStreamConsumersOutput', { Consumers: list(consumerShape), NextToken: nextToken }),
  prepare: (world, request, caller) => ({
    resource: streamNamed(request, caller),
    async run() {
      const { NextToken, MaxResults, StreamCreationTimestamp: created } = request;
      if (NextToken !== undefined && created !== undefined) {
        throw invalidArgument('NextToken and StreamCreationTimestamp cannot be provided together.');
      }
      const stream = requireStreamAt(world.catalog.state, addressOf(request, caller));
      requireCreatedAt(stream, created);
      const [id, after] =
        NextToken === undefined ? [stream.id, ''] : openPageToken(world, purpose, caller, NextToken);
      if (id !== stream.id) throw invalidArgument('Invalid NextToken.');
      const rest = stream.consumers.filter(({ name }) => name > String(after));
      const page = rest.slice(0, Math.min(MaxResults ?? Infinity, pageMax));
      const last = page.length < rest.length ? page.at(-1) : undefined;
      return {
        Consumers: page.map((consumer) => viewConsumer({ stream, consumer })),
        NextToken:
          last === undefined ? undefined : sealPageToken(world, purpose, caller, [stream.id, last.name]),
      };
    },
  }),
});

const purpose = 'ListStreamConsumers';
/** API reference, ListStreamConsumers. */
const pageMax = 100;
