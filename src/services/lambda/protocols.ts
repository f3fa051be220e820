import { restProtocol } from '../../wire/rest/rest-protocol.ts';
import { bindings } from './bindings.ts';
import { errorForm } from './errors.ts';

/** What Lambda speaks, loaded with its operations: `lambda.ts` recognizes requests before. */
export const protocols = [restProtocol(bindings, errorForm)] as const;
