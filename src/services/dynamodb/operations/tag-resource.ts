import { required, structure } from '../../../wire/shape.ts';
import { invalid } from '../errors.ts';
import { operation } from '../operation.ts';
import { resourceArn, tags } from '../parts/table-shapes.ts';
import { requireTagged } from '../parts/tagged.ts';
import { mergeTags, tagContext } from '../parts/tags.ts';
import { storeOf } from '../world.ts';

export const tagResource = operation({
  name: 'TagResource',
  summary: 'Adds tags to a table, or changes their values; at most 50 in all.',
  runs: 'owner',
  input: structure('TagResourceInput', { ResourceArn: required(resourceArn), Tags: required(tags) }),
  output: undefined,
  prepare: (world, { ResourceArn, Tags }, caller) => ({
    resource: ResourceArn,
    context: tagContext(Tags),
    run: async () => {
      if (Tags.length === 0) throw invalid('Atleast one Tag needs to be provided as Input.');
      await storeOf(world).commit((view) => {
        const table = requireTagged(view, ResourceArn, caller);
        const changed = { ...table, tags: mergeTags(table.tags, Tags) };
        return { edits: [{ kind: 'table-put', table: changed }], answer: undefined };
      });
    },
  }),
});
