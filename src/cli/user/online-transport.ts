import { signedHeaders } from '../../access/sigv4/sign.ts';
import type { Clock } from '../../env/clock.ts';
import type { HttpClient } from '../../env/http-client.ts';
import type { Online } from '../online.ts';
import { wayTo } from '../online-calls.ts';
import type { IamTransport } from './iam-client.ts';

/** Signs what it sends. A path of the endpoint is part of it. */
export function onlineTransport(online: Online, client: HttpClient, clock: Clock): IamTransport {
  const { endpoint, credentials, region } = online;
  const { host, send } = wayTo(online, client);
  const { pathname, search } = new URL(endpoint.startsWith('unix:') ? 'http://localhost/' : endpoint);
  const request = { method: 'POST', target: pathname + search };
  return {
    async send(body) {
      const headers = { host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
      const scope = { region, service: 'iam' };
      const signed = signedHeaders({ ...request, headers, body }, credentials, scope, clock.now());
      const answer = await send({ ...request, headers: signed, body });
      return { status: answer.status, body: String(answer.body) };
    },
    async [Symbol.asyncDispose]() {},
  };
}
