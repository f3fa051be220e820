import { uuid } from '../../../env/random.ts';
import { required, string, structure } from '../../../wire/shape.ts';
import { invalidValue, unservedPart } from '../errors.ts';
import { operation } from '../operation.ts';
import { codeSha256, configurationOf } from '../parts/configuration.ts';
import { functionConfiguration } from '../parts/configuration-shape.ts';
import { requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { requireRevision } from '../parts/function-change.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { description, functionName, revisionId } from '../parts/shapes.ts';
import { type Published, publish } from '../parts/version.ts';
import type { FunctionRecord } from '../state/lambda-state.ts';

export const publishVersion = operation({
  name: 'PublishVersion',
  summary: 'Makes a version of a function as it is, which never changes; none if nothing has changed.',
  runs: 'owner',
  input: structure('PublishVersionRequest', {
    FunctionName: required(functionName),
    CodeSha256: string(),
    Description: description,
    RevisionId: revisionId,
    PublishTo: string({ values: ['LATEST_PUBLISHED'] }),
  }),
  output: functionConfiguration,
  prepare: (world, { FunctionName, CodeSha256, Description, RevisionId, PublishTo }, caller) => {
    const target = wholeFunctionNamed(FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        if (PublishTo !== undefined) throw unservedPart('A version LATEST_PUBLISHED (PublishTo)');
        const revision = uuid(world.random);
        let published: Published | undefined;
        await world.opened().journal.commit((state) => {
          const found = requireFunction(state, target);
          requireRevision(RevisionId, found);
          if (CodeSha256) requireCode(found, CodeSha256);
          published = publish(state, found, { revision, description: Description });
          return published.edits;
        });
        const { version: settings } = published!;
        const version = String(settings.version);
        return configurationOf({ target: { ...target, qualifier: version }, version, settings });
      },
    };
  },
});

function requireCode(found: FunctionRecord, wanted: string): void {
  const sha256 = codeSha256(found);
  if (sha256 === wanted) return;
  throw invalidValue(
    `CodeSHA256 (${wanted}) is different from current CodeSHA256 in $LATEST (${sha256}). Please try again ` +
      'with the CodeSHA256 in $LATEST.',
  );
}
