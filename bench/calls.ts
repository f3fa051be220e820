import { dynamodb, kinesis, SignedRequest, Signer } from '../harness/signer.ts';
import type { CallLoad, Outcome } from './load.ts';
import { replay } from './replay.ts';

/** Calls an operation as fast as the server answers. */
export function call(port: number, serverPid: number, load: CallLoad): Promise<Outcome> {
  const signer = new Signer(port, undefined, load.service === 'dynamodb' ? dynamodb : kinesis);
  const requests = load.inputs.map(
    (input) => new SignedRequest(signer, load.operation, Buffer.from(JSON.stringify(input))),
  );
  return replay(port, serverPid, { requests, records: 1, bytes: undefined, isAccepted: () => true }, load);
}
