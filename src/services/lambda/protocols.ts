import { restProtocol } from '../../wire/rest/rest-protocol.ts';
import { bindings } from './bindings.ts';
import { errorForm } from './errors.ts';

/** What Lambda speaks. Loaded with its operations: by what a request is recognized before, `lambda.ts` says. */
export const protocols = [restProtocol(bindings, errorForm)] as const;
