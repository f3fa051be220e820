import type { RestBinding } from '../../wire/rest/binding.ts';
import { unservedPaths } from './unserved.ts';

type Bindings = Readonly<Record<string, RestBinding>>;

const functions = '/2015-03-31/functions';
const functionPath = `${functions}/{FunctionName}`;
const mappings = '/2015-03-31/event-source-mappings';
const tagged = '/2017-03-31/tags/{Resource}';
const asynchronous = '/2019-09-25/functions/{FunctionName}/event-invoke-config';
const ours = '/millrace/2026-11-01';

const qualifier = { Qualifier: 'Qualifier' };
const page = { Marker: 'Marker', MaxItems: 'MaxItems' };

/** Functions, their versions and aliases. */
const ofFunctions: Bindings = {
  CreateFunction: { http: `POST ${functions}`, status: 201 },
  GetFunction: { http: `GET ${functionPath}`, query: qualifier },
  GetFunctionConfiguration: { http: `GET ${functionPath}/configuration`, query: qualifier },
  ListFunctions: {
    http: `GET ${functions}`,
    query: { ...page, MasterRegion: 'MasterRegion', FunctionVersion: 'FunctionVersion' },
  },
  UpdateFunctionCode: { http: `PUT ${functionPath}/code` },
  UpdateFunctionConfiguration: { http: `PUT ${functionPath}/configuration` },
  DeleteFunction: { http: `DELETE ${functionPath}`, query: qualifier, answer: { status: 'StatusCode' } },
  PublishVersion: { http: `POST ${functionPath}/versions`, status: 201 },
  ListVersionsByFunction: { http: `GET ${functionPath}/versions`, query: page },
  CreateAlias: { http: `POST ${functionPath}/aliases`, status: 201 },
  GetAlias: { http: `GET ${functionPath}/aliases/{Name}` },
  ListAliases: {
    http: `GET ${functionPath}/aliases`,
    query: { ...page, FunctionVersion: 'FunctionVersion' },
  },
  UpdateAlias: { http: `PUT ${functionPath}/aliases/{Name}` },
  DeleteAlias: { http: `DELETE ${functionPath}/aliases/{Name}`, status: 204 },
  Invoke: {
    http: `POST ${functionPath}/invocations`,
    query: qualifier,
    headers: {
      InvocationType: 'x-amz-invocation-type',
      LogType: 'x-amz-log-type',
      ClientContext: 'x-amz-client-context',
      DurableExecutionName: 'x-amz-durable-execution-name',
      TenantId: 'x-amz-tenant-id',
    },
    payload: 'Payload',
    answer: {
      status: 'StatusCode',
      headers: {
        FunctionError: 'X-Amz-Function-Error',
        LogResult: 'X-Amz-Log-Result',
        ExecutedVersion: 'X-Amz-Executed-Version',
        DurableExecutionArn: 'X-Amz-Durable-Execution-Arn',
      },
      payload: 'Payload',
      type: 'application/json',
    },
  },
};

/** What belongs to a function besides: who may call it, its tags, how often it runs at once. */
const besides: Bindings = {
  AddPermission: { http: `POST ${functionPath}/policy`, query: qualifier, status: 201 },
  RemovePermission: {
    http: `DELETE ${functionPath}/policy/{StatementId}`,
    query: { ...qualifier, RevisionId: 'RevisionId' },
    status: 204,
  },
  GetPolicy: { http: `GET ${functionPath}/policy`, query: qualifier },
  TagResource: { http: `POST ${tagged}`, status: 204 },
  UntagResource: { http: `DELETE ${tagged}`, query: { TagKeys: 'tagKeys' }, status: 204 },
  ListTags: { http: `GET ${tagged}` },
  PutFunctionConcurrency: { http: 'PUT /2017-10-31/functions/{FunctionName}/concurrency' },
  GetFunctionConcurrency: { http: 'GET /2019-09-30/functions/{FunctionName}/concurrency' },
  DeleteFunctionConcurrency: {
    http: 'DELETE /2017-10-31/functions/{FunctionName}/concurrency',
    status: 204,
  },
  GetAccountSettings: { http: 'GET /2016-08-19/account-settings' },
  GetFunctionCodeSigningConfig: { http: 'GET /2020-06-30/functions/{FunctionName}/code-signing-config' },
  GetRuntimeManagementConfig: {
    http: 'GET /2021-07-20/functions/{FunctionName}/runtime-management-config',
    query: qualifier,
  },
  PutRuntimeManagementConfig: {
    http: 'PUT /2021-07-20/functions/{FunctionName}/runtime-management-config',
    query: qualifier,
  },
  GetFunctionRecursionConfig: { http: 'GET /2024-08-31/functions/{FunctionName}/recursion-config' },
  PutFunctionRecursionConfig: { http: 'PUT /2024-08-31/functions/{FunctionName}/recursion-config' },
  PutFunctionEventInvokeConfig: { http: `PUT ${asynchronous}`, query: qualifier },
  UpdateFunctionEventInvokeConfig: { http: `POST ${asynchronous}`, query: qualifier },
  GetFunctionEventInvokeConfig: { http: `GET ${asynchronous}`, query: qualifier },
  DeleteFunctionEventInvokeConfig: { http: `DELETE ${asynchronous}`, query: qualifier, status: 204 },
  ListFunctionEventInvokeConfigs: { http: `GET ${asynchronous}/list`, query: page },
  GetFunctionUrlConfig: { http: 'GET /2021-10-31/functions/{FunctionName}/url', query: qualifier },
  ListFunctionUrlConfigs: { http: 'GET /2021-10-31/functions/{FunctionName}/urls', query: page },
};

const ofMappings: Bindings = {
  CreateEventSourceMapping: { http: `POST ${mappings}`, status: 202 },
  GetEventSourceMapping: { http: `GET ${mappings}/{UUID}` },
  ListEventSourceMappings: {
    http: `GET ${mappings}`,
    query: { ...page, EventSourceArn: 'EventSourceArn', FunctionName: 'FunctionName' },
  },
  UpdateEventSourceMapping: { http: `PUT ${mappings}/{UUID}`, status: 202 },
  DeleteEventSourceMapping: { http: `DELETE ${mappings}/{UUID}`, status: 202 },
};

/** Beyond AWS: how mappings do, what they gave up, and the zip that `Code.Location` leads to. */
const beyond: Bindings = {
  ListMappingSights: { http: `GET ${ours}/mappings`, query: page },
  ListMappingFailures: { http: `GET ${ours}/mappings/{UUID}/failures`, query: page },
  GetMappingFailure: { http: `GET ${ours}/mappings/{UUID}/failures/{Number}` },
  RedriveMappingFailures: { http: `POST ${ours}/mappings/{UUID}/redrive` },
  GetFunctionOutput: {
    http: `GET ${ours}/functions/{FunctionName}/output`,
    query: { From: 'From', WaitSeconds: 'WaitSeconds' },
  },
  GetFunctionCode: {
    http: `GET ${ours}/functions/{FunctionName}/code`,
    query: qualifier,
    answer: { payload: 'ZipFile', type: 'application/zip' },
  },
};

/**
 * Where the members of all calls and answers of Lambda are (AWS SDK for JavaScript 3, client-lambda, traits
 * of its schemas).
 */
export const bindings: Bindings = {
  ...ofFunctions,
  ...besides,
  ...ofMappings,
  ...beyond,
  ...Object.fromEntries(Object.entries(unservedPaths).map(([name, http]) => [name, { http }])),
};
