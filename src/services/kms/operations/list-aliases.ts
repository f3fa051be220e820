import { formatAliasArn } from '../../../access/keys/key-arn.ts';
import type { Alias } from '../../../access/keys/state.ts';
import { list, structure, timestamp } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { keyOf, ownTarget } from '../parts/key-target.ts';
import { pageOf } from '../parts/page.ts';
import { aliasName, arn, keyId, limit, marker, page } from '../parts/shapes.ts';

const entry = structure('AliasListEntry', {
  AliasName: aliasName,
  AliasArn: arn,
  TargetKeyId: keyId,
  CreationDate: timestamp(),
  LastUpdatedDate: timestamp(),
});

export const listAliases = operation({
  name: 'ListAliases',
  summary: 'Lists the aliases of the account in the region, or those of one key, up to 50 at a time.',
  runs: 'here',
  input: structure('ListAliasesRequest', { KeyId: keyId, Limit: limit, Marker: marker }),
  output: structure('ListAliasesResponse', { Aliases: list(entry), ...page }),
  prepare: ({ keys }, request, caller) => {
    const target = request.KeyId === undefined ? undefined : ownTarget(keys.state, request.KeyId, caller);
    const { account, region } = caller;
    return {
      resource: '*',
      run: async () => {
        const id = target && keyOf(target).id;
        const own = [...keys.state.aliases.values()].filter(
          (alias) =>
            alias.account === account && alias.region === region && (id === undefined || alias.key === id),
        );
        const { items, ...rest } = pageOf(own, ({ name }) => name, request, 50);
        return { Aliases: items.map(viewAlias), ...rest };
      },
    };
  },
});

function viewAlias(alias: Alias) {
  return {
    AliasName: alias.name,
    AliasArn: formatAliasArn(alias),
    TargetKeyId: alias.key,
    CreationDate: alias.createdAt,
    LastUpdatedDate: alias.changedAt,
  };
}
