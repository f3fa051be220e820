import type { KeyVersion, KmsKey } from '../../../access/keys/state.ts';
import { list, required, string, structure, timestamp } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { onOwnKey } from '../parts/key-target.ts';
import { materialId } from '../parts/key-view.ts';
import { pageOf } from '../parts/page.ts';
import { keyId, keyMaterialId, limit, marker, page } from '../parts/shapes.ts';

const entry = structure('RotationsListEntry', {
  KeyId: keyId,
  KeyMaterialId: keyMaterialId,
  KeyMaterialState: string({
    values: ['NON_CURRENT', 'CURRENT', 'PENDING_ROTATION', 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION'],
  }),
  RotationDate: timestamp(),
  RotationType: string({ values: ['AUTOMATIC', 'ON_DEMAND'] }),
});

export const listKeyRotations = operation({
  name: 'ListKeyRotations',
  summary: "Lists a key's rotations, and on demand its first material, up to 100 at a time.",
  runs: 'here',
  input: structure('ListKeyRotationsRequest', {
    KeyId: required(keyId),
    IncludeKeyMaterial: string({ values: ['ALL_KEY_MATERIAL', 'ROTATIONS_ONLY'] }),
    Limit: limit,
    Marker: marker,
  }),
  output: structure('ListKeyRotationsResponse', { Rotations: list(entry), ...page }),
  prepare: (world, request, caller) =>
    onOwnKey(world, request.KeyId, caller, {}, async (key) => {
      const isAll = request.IncludeKeyMaterial === 'ALL_KEY_MATERIAL';
      const shown = isAll ? key.versions : key.versions.slice(1);
      const { items, ...rest } = pageOf(
        shown,
        ({ number }) => String(number).padStart(10, '0'),
        request,
        100,
      );
      return { Rotations: items.map((version) => viewVersion(key, version)), ...rest };
    }),
});

function viewVersion(key: KmsKey, { number, since, cause }: KeyVersion) {
  const isFirst = cause === 'creation';
  return {
    KeyId: key.id,
    KeyMaterialId: materialId(key, number),
    KeyMaterialState: number === key.versions.length ? ('CURRENT' as const) : ('NON_CURRENT' as const),
    RotationDate: isFirst ? undefined : since,
    RotationType: isFirst
      ? undefined
      : cause === 'automatic'
        ? ('AUTOMATIC' as const)
        : ('ON_DEMAND' as const),
  };
}
