// Runs a handler in JavaScript over the Lambda Runtime API 2018-06-01: asks for an event, calls the handler,
// answers. Plain JavaScript without imports of ours, so that a copy of it runs anywhere.
import { existsSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { enableCompileCache } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const env = process.env;
const [hostname, port] = env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let requestId;
/** Called when nothing is left to be done: answers for a handler that waits for that, or forgot to answer. */
let onIdle;

// What is compiled once need not be compiled by the next process of this version.
if (env.NODE_COMPILE_CACHE === undefined && env.MILLRACE_COMPILE_CACHE !== undefined)
  enableCompileCache(env.MILLRACE_COMPILE_CACHE);
delete env.MILLRACE_COMPILE_CACHE;

function call(method, path, body = '', headers = {}) {
  return new Promise((done, failed) => {
    const head = {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const sending = request(
      {
        agent,
        hostname,
        port,
        method,
        path: `/2018-06-01/runtime/${path}`,
        headers: method === 'GET' ? {} : head,
      },
      (answer) => {
        const pieces = [];
        answer.on('data', (piece) => pieces.push(piece)).on('error', failed);
        answer.on('end', () =>
          done({
            status: answer.statusCode,
            headers: answer.headers,
            text: Buffer.concat(pieces).toString(),
          }),
        );
      },
    );
    sending.on('error', failed).end(body);
  });
}

function describe(error, type) {
  const isError = error instanceof Error;
  const errorType = type ?? (isError ? error.name : typeof error);
  const trace = isError ? String(error.stack ?? error).split('\n') : [];
  return { errorType, errorMessage: isError ? error.message : String(error), trace };
}

class RuntimeError extends Error {
  constructor(type, message, cause) {
    super(message);
    this.name = type;
    if (cause?.stack) this.stack = cause.stack;
  }
}

async function reportError(path, error, type) {
  const said = describe(error, type);
  say('ERROR', 'Invoke Error', '\t', JSON.stringify({ ...said, stack: said.trace, trace: undefined }));
  await call('POST', path, JSON.stringify(said), { 'lambda-runtime-function-error-type': said.errorType });
}

function say(level, ...values) {
  process.stdout.write(
    `${new Date().toISOString()}\t${requestId ?? 'undefined'}\t${level}\t${format(...values)}\n`,
  );
}
const levels = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' };
for (const [name, level] of Object.entries(levels)) console[name] = (...values) => say(level, ...values);

const streaming = Symbol('streaming');
globalThis.awslambda = { streamifyResponse: (handler) => Object.assign(handler, { [streaming]: true }) };

async function load(root, name) {
  const [, module, path] = /^([^.]*)\.(.+)$/.exec(basename(name)) ?? [];
  if (module === undefined || name.includes('..'))
    throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const stem = resolve(root, dirname(name), module);
  const file = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '']
    .map((end) => stem + end)
    .find((at) => existsSync(at) && statSync(at).isFile());
  if (file === undefined)
    throw new RuntimeError(
      'Runtime.ImportModuleError',
      `Error: Cannot find module '${module}'\nRequire stack:\n- ${root}`,
    );
  const exports = await import(pathToFileURL(file)).catch((error) => {
    const isMissing = error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND';
    if (isMissing) throw new RuntimeError('Runtime.ImportModuleError', `Error: ${error.message}`, error);
    if (error instanceof SyntaxError)
      throw new RuntimeError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`, error);
    throw error;
  });
  const within = (value) => path.split('.').reduce((at, key) => at?.[key], value);
  const handler = within(exports) ?? within(exports.default);
  if (handler === undefined)
    throw new RuntimeError('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function')
    throw new RuntimeError('Runtime.HandlerNotFound', `${name} is not a function`);
  if (handler[streaming])
    throw new RuntimeError(
      'Runtime.InvalidStreamingOperation',
      `${name} answers as a stream, which this server does not take`,
    );
  return handler;
}

function contextOf(headers, settle) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const client = headers['lambda-runtime-client-context'];
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    clientContext: client === undefined ? undefined : JSON.parse(client),
    getRemainingTimeInMillis: () => deadline - Date.now(),
    done: (error, value) => settle(error, value),
    succeed: (value) => settle(null, value),
    fail: (error) => settle(error ?? 'handled'),
  };
}

/** Resolves with what the handler answers, by a promise or by its callback; rejects with its error. */
function run(handler, event, headers) {
  return new Promise((done, failed) => {
    const settle = (error, value) => (error === null || error === undefined ? done(value) : failed(error));
    const context = contextOf(headers, settle);
    const callback = (error, value) => {
      if (context.callbackWaitsForEmptyEventLoop) onIdle = () => settle(error, value);
      else settle(error, value);
    };
    onIdle = () => done(null);
    const promise = handler(event, context, callback);
    if (typeof promise?.then === 'function') promise.then(done, failed);
    // A handler with fewer parameters can answer in no other way.
    else if (handler.length < 3 && promise !== undefined) done(promise);
  });
}

process.on('beforeExit', () => {
  const answer = onIdle;
  onIdle = undefined;
  answer?.();
});

function endBy(code, type) {
  return (error) => {
    const said = type === undefined ? error : new RuntimeError(type, String(error), error);
    const path = requestId === undefined ? 'init/error' : `invocation/${requestId}/error`;
    return reportError(path, said).finally(() => process.exit(code));
  };
}
process.on('uncaughtException', endBy(129));
process.on('unhandledRejection', endBy(128, 'Runtime.UnhandledPromiseRejection'));

const handler = await load(env.LAMBDA_TASK_ROOT, env._HANDLER).catch(endBy(1));
for (;;) {
  const { status, headers, text } = await call('GET', 'invocation/next');
  if (status !== 200) process.exit(status === 403 ? 0 : 1);
  requestId = headers['lambda-runtime-aws-request-id'];
  env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  const path = `invocation/${requestId}`;
  try {
    const value = await run(handler, JSON.parse(text), headers);
    onIdle = undefined;
    await call('POST', `${path}/response`, JSON.stringify(value === undefined ? null : value) ?? 'null');
  } catch (error) {
    onIdle = undefined;
    await reportError(`${path}/error`, error);
  }
  requestId = undefined;
}
