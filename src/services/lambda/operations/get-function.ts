import { map, required, sensitive, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { codeTarget } from '../parts/code-location.ts';
import { configurationOf } from '../parts/configuration.ts';
import { functionConfiguration } from '../parts/configuration-shape.ts';
import { requireFunction, requireVersion } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionNamed } from '../parts/function-name.ts';
import { concurrency, functionName, qualifier } from '../parts/shapes.ts';

export const getFunction = operation({
  name: 'GetFunction',
  summary:
    'Answers the configuration of a function or a version, where its zip can be fetched, and its tags.',
  runs: 'owner',
  input: structure('GetFunctionRequest', { FunctionName: required(functionName), Qualifier: qualifier }),
  output: structure('GetFunctionResponse', {
    Configuration: functionConfiguration,
    Code: structure('FunctionCodeLocation', {
      RepositoryType: string(),
      // Whoever has it may fetch the zip.
      Location: sensitive(string()),
      ImageUri: string(),
      ResolvedImageUri: string(),
      ResolvedS3Object: structure('ResolvedS3Object', {
        S3Bucket: string(),
        S3Key: string(),
        S3ObjectVersion: string(),
      }),
      SourceKMSKeyArn: string(),
      Error: structure('FunctionCodeLocationError', { ErrorCode: string(), Message: string() }),
    }),
    Tags: map(string()),
    TagsError: structure('TagsError', { ErrorCode: required(string()), Message: required(string()) }),
    Concurrency: concurrency,
  }),
  prepare: (world, { FunctionName, Qualifier }, caller) => {
    const target = functionNamed(FunctionName, caller, Qualifier);
    return {
      resource: functionArn(target),
      run: async () => {
        const { journal, signedUrl } = world.opened();
        const { state } = journal;
        const { version, settings } = requireVersion(state, target);
        const { tags, reserved } = requireFunction(state, target);
        return {
          Configuration: configurationOf({ target, version, settings }),
          Code: {
            RepositoryType: 'S3',
            Location: settings.code.kind === 'zip' ? signedUrl(caller, codeTarget(target)) : undefined,
          },
          Tags: Object.keys(tags).length > 0 ? tags : undefined,
          Concurrency: reserved === undefined ? undefined : { ReservedConcurrentExecutions: reserved },
        };
      },
    };
  },
});
