import { aliasKeyOf } from '../../../access/keys/state.ts';
import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { aliasNamed, missingAlias, onAlias } from '../parts/alias-target.ts';
import { requireNotPending } from '../parts/key-status.ts';
import { aliasName, keyId } from '../parts/shapes.ts';

export const updateAlias = operation({
  name: 'UpdateAlias',
  summary: 'Has an alias name another key.',
  runs: 'owner',
  input: structure('UpdateAliasRequest', { AliasName: required(aliasName), TargetKeyId: required(keyId) }),
  output: undefined,
  prepare: (world, { AliasName, TargetKeyId }, caller) => {
    const named = aliasNamed(AliasName, caller);
    const before = world.keys.state.aliases.get(aliasKeyOf(named))?.key;
    const keyIds = before === undefined ? [TargetKeyId] : [TargetKeyId, before];
    return onAlias(world, 'kms:UpdateAlias', named, keyIds, caller, async ([key]) => {
      const now = world.clock.now();
      await world.keys.commit((state) => {
        const alias = state.aliases.get(aliasKeyOf(named));
        if (alias === undefined) throw missingAlias(named);
        requireNotPending(state.keys.get(key!.id) ?? key!);
        return [{ kind: 'alias-set', alias: { ...alias, key: key!.id, changedAt: now } }];
      });
    });
  },
});
