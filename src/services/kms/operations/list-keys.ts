import { formatKeyArn } from '../../../access/keys/key-arn.ts';
import { list, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { pageOf } from '../parts/page.ts';
import { arn, keyId, limit, marker, page } from '../parts/shapes.ts';

export const listKeys = operation({
  name: 'ListKeys',
  summary: 'Lists the keys of the account in the region, up to 100 at a time.',
  runs: 'here',
  input: structure('ListKeysRequest', { Limit: limit, Marker: marker }),
  output: structure('ListKeysResponse', {
    Keys: list(structure('KeyListEntry', { KeyId: keyId, KeyArn: arn })),
    ...page,
  }),
  prepare: ({ keys }, request, { account, region }) => ({
    resource: '*',
    run: async () => {
      const own = [...keys.state.keys.values()].filter(
        (key) => key.account === account && key.region === region,
      );
      const { items, ...rest } = pageOf(own, ({ id }) => id, request, 100);
      return { Keys: items.map((key) => ({ KeyId: key.id, KeyArn: formatKeyArn(key) })), ...rest };
    },
  }),
});
