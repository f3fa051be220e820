import { list, required, structure } from '../../../wire/shape.ts';
import { invalid } from '../errors.ts';
import { operation } from '../operation.ts';
import { resourceArn, tagKey } from '../parts/table-shapes.ts';
import { requireTagged } from '../parts/tagged.ts';
import { storeOf } from '../world.ts';

export const untagResource = operation({
  name: 'UntagResource',
  summary: 'Takes tags off a table by their keys.',
  runs: 'owner',
  input: structure('UntagResourceInput', {
    ResourceArn: required(resourceArn),
    TagKeys: required(list(tagKey)),
  }),
  output: undefined,
  prepare: (world, { ResourceArn, TagKeys }, caller) => ({
    resource: ResourceArn,
    context: new Map([['aws:tagkeys', TagKeys]]),
    run: async () => {
      if (TagKeys.length === 0) throw invalid('Atleast one Tag Key needs to be provided as Input.');
      await storeOf(world).commit((view) => {
        const table = requireTagged(view, ResourceArn, caller);
        const changed = { ...table, tags: table.tags.filter(({ key }) => !TagKeys.includes(key)) };
        return { edits: [{ kind: 'table-put', table: changed }], answer: undefined };
      });
    },
  }),
});
