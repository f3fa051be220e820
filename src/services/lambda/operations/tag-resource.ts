import { uuid } from '../../../env/random.ts';
import { required, structure } from '../../../wire/shape.ts';
import { invalidValue } from '../errors.ts';
import { operation } from '../operation.ts';
import { tags } from '../parts/shapes.ts';
import { requireTagged, taggable } from '../parts/tagged.ts';
import { mergeTags, tagContext } from '../parts/tags.ts';

export const tagResource = operation({
  name: 'TagResource',
  summary: 'Adds tags to a function or a mapping, or changes their values.',
  runs: 'owner',
  input: structure('TagResourceRequest', { Resource: required(taggable), Tags: required(tags) }),
  output: undefined,
  prepare: (world, { Resource, Tags }) => ({
    resource: Resource,
    context: tagContext(Tags),
    run: async () => {
      const revision = uuid(world.random);
      await world.opened().journal.commit((state) => {
        const tagged = requireTagged(state, Resource);
        if (Object.keys(Tags).length === 0) {
          throw invalidValue('An error occurred and the request cannot be processed.');
        }
        return [tagged.with(mergeTags(tagged.tags, Tags), revision)];
      });
    },
  }),
});
