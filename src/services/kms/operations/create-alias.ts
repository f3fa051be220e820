import { formatAliasArn } from '../../../access/keys/key-arn.ts';
import { aliasKeyOf, aliasNamesOf } from '../../../access/keys/state.ts';
import { required, structure } from '../../../wire/shape.ts';
import { kmsError, limitExceeded } from '../errors.ts';
import { operation } from '../operation.ts';
import { aliasesPerKeyMax, aliasNamed, onAlias } from '../parts/alias-target.ts';
import { requireNotPending } from '../parts/key-status.ts';
import { aliasName, keyId } from '../parts/shapes.ts';

export const createAlias = operation({
  name: 'CreateAlias',
  summary: 'Gives a key of the account another name.',
  runs: 'owner',
  input: structure('CreateAliasRequest', { AliasName: required(aliasName), TargetKeyId: required(keyId) }),
  output: undefined,
  prepare: (world, { AliasName, TargetKeyId }, caller) => {
    const named = aliasNamed(AliasName, caller);
    return onAlias(world, 'kms:CreateAlias', named, [TargetKeyId], caller, async ([key]) => {
      const now = world.clock.now();
      await world.keys.commit((state) => {
        requireNotPending(state.keys.get(key!.id) ?? key!);
        if (state.aliases.has(aliasKeyOf(named))) {
          throw kmsError(
            'AlreadyExistsException',
            `An alias with the name ${formatAliasArn(named)} already exists`,
          );
        }
        if (aliasNamesOf(state, key!).length >= aliasesPerKeyMax)
          throw limitExceeded(`A key can have at most ${aliasesPerKeyMax} aliases.`);
        return [{ kind: 'alias-set', alias: { ...named, key: key!.id, createdAt: now, changedAt: now } }];
      });
    });
  },
});
