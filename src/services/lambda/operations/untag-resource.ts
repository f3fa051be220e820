import { uuid } from '../../../env/random.ts';
import { list, required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireTagged, taggable } from '../parts/tagged.ts';

export const untagResource = operation({
  name: 'UntagResource',
  summary: 'Takes tags off a function or a mapping by their keys.',
  runs: 'owner',
  input: structure('UntagResourceRequest', {
    Resource: required(taggable),
    TagKeys: required(list(string())),
  }),
  output: undefined,
  prepare: (world, { Resource, TagKeys }) => ({
    resource: Resource,
    context: new Map([['aws:tagkeys', TagKeys]]),
    run: async () => {
      const revision = uuid(world.random);
      await world.opened().journal.commit((state) => {
        const tagged = requireTagged(state, Resource);
        const left = Object.entries(tagged.tags).filter(([key]) => !TagKeys.includes(key));
        return [tagged.with(Object.fromEntries(left), revision)];
      });
    },
  }),
});
