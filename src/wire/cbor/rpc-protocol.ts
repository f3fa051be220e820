import { errorBody, inBodies } from '../body-protocol.ts';
import { eventStreamType } from '../event-stream.ts';
import type { Protocol } from '../protocol.ts';
import { ServiceError } from '../service-error.ts';
import { rpcCbor } from './rpc-cbor.ts';

/** The value of `Smithy-Protocol`, on requests and on answers. */
export const rpcProtocolName = 'rpc-v2-cbor';

/**
 * Smithy's protocol with the operation in the path (smithy.io, "Smithy RPC v2 CBOR protocol"). `service` and
 * `namespace` are those of the service's shape.
 */
export function rpcProtocol(service: string, namespace: string): Protocol {
  // The last four segments count. The service may have its namespace, the operation may not.
  const path = new RegExp(`/service/(?:${RegExp.escape(namespace)}\\.)?${service}/operation/(\\w+)$`);
  const { contentType } = rpcCbor;
  const value = { ...marked, 'Content-Type': contentType };
  const events = { ...marked, 'Content-Type': eventStreamType };
  return {
    ...inBodies(rpcCbor, { value, nothing: marked, events }),
    name: 'rpcv2Cbor',
    isSpokenIn: ({ method }, headers) =>
      method === 'POST' && headers.get('smithy-protocol') === rpcProtocolName,
    callOf: ({ target }, headers) => {
      if (headers.get('smithy-protocol') !== rpcProtocolName) return undefined;
      const named = path.exec(target.split('?', 1)[0]!);
      return named === null ? undefined : { operation: named[1]! };
    },
    misformOf: ({ body }, headers, operation) => {
      // By the specification, servers refuse requests that name an operation in both ways.
      const isNamedTwice = ['x-amz-target', 'x-amzn-target'].some((name) => headers.get(name) !== undefined);
      if (isNamedTwice) return new ServiceError('UnknownOperationException');
      if (operation === undefined) return undefined;
      const isInForm = body.length === 0 || headers.mediaType === contentType;
      if (!isInForm) return new ServiceError('SerializationException');
      if (operation.output?.kind !== 'event-stream') return undefined;
      // Events are encoded once for all subscribers, in JSON.
      const text = `${operation.name} is not available over ${rpcProtocolName}; call it in JSON.`;
      return new ServiceError('InvalidArgumentException', text);
    },
    // The type of the error is only in the body: there should be no `X-Amzn-ErrorType`. The type is absolute,
    // as the protocol wants it, also for errors that the model does not have.
    refuse: (error) => ({
      status: error.status,
      headers: value,
      body: errorBody(rpcCbor, `${namespace}#${error.type}`, error),
    }),
  };
}

const marked = { 'smithy-protocol': rpcProtocolName };
