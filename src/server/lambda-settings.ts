import type { FunctionKinds } from '../services/lambda/functions/function-kinds.ts';
import { functionInstancesMax, functionKinds, type LambdaOptions } from './lambda-options.ts';
import { httpUrl, type Setting, wholeNumber } from './setting.ts';

/** In the order of the help. */
export const lambdaSettings: { readonly [Name in keyof LambdaOptions]: Setting<LambdaOptions[Name]> } = {
  functions: {
    flag: 'functions',
    takes: `<${functionKinds.join('|')}>`,
    help: 'whether functions of Lambda are run; urls: only those behind a URL (default: on; off where other machines reach the server)',
    expected: `one of ${functionKinds.join(', ')}`,
    read: (text) => (functionKinds.includes(text as FunctionKinds) ? (text as FunctionKinds) : undefined),
  },
  functionInstances: {
    flag: 'function-instances',
    takes: '<number>',
    help: 'how many calls of functions run at once, each in a process (default: 16, and 2 for each core)',
    expected: `a number from 1 to ${functionInstancesMax}`,
    read: (text) => wholeNumber(text, functionInstancesMax) || undefined,
  },
  sqs: {
    flag: 'sqs',
    takes: '<url>',
    help: "where SQS is, for failed batches of mappings (default: AWS_ENDPOINT_URL_SQS); signed with AWS's variables",
    expected: 'a URL such as https://sqs.eu-central-1.amazonaws.com',
    read: httpUrl,
  },
  sns: {
    flag: 'sns',
    takes: '<url>',
    help: 'where SNS is, in the same way (default: AWS_ENDPOINT_URL_SNS)',
    expected: 'a URL such as https://sns.eu-central-1.amazonaws.com',
    read: httpUrl,
  },
};
