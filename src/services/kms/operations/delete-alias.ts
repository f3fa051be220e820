import { aliasKeyOf } from '../../../access/keys/state.ts';
import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { aliasNamed, missingAlias, onAlias } from '../parts/alias-target.ts';
import { aliasName } from '../parts/shapes.ts';

export const deleteAlias = operation({
  name: 'DeleteAlias',
  summary: 'Removes an alias; its key stays.',
  runs: 'owner',
  input: structure('DeleteAliasRequest', { AliasName: required(aliasName) }),
  output: undefined,
  prepare: (world, { AliasName }, caller) => {
    const named = aliasNamed(AliasName, caller);
    const before = world.keys.state.aliases.get(aliasKeyOf(named))?.key;
    const keyIds = before === undefined ? [] : [before];
    return onAlias(world, 'kms:DeleteAlias', named, keyIds, caller, async () => {
      await world.keys.commit((state) => {
        if (!state.aliases.has(aliasKeyOf(named))) throw missingAlias(named);
        return [{ kind: 'alias-deleted', key: aliasKeyOf(named) }];
      });
    });
  },
});
