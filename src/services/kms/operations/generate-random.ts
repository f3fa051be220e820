import { structure } from '../../../wire/shape.ts';
import { invalidRequest, unsupported } from '../errors.ts';
import { operation } from '../operation.ts';
import { checkCrypto } from '../parts/crypto-request.ts';
import { byteCount, plaintext, recipient, storeId } from '../parts/shapes.ts';

export const generateRandom = operation({
  name: 'GenerateRandom',
  summary: 'Answers random bytes.',
  runs: 'here',
  audit: 'read',
  input: structure('GenerateRandomRequest', {
    NumberOfBytes: byteCount,
    CustomKeyStoreId: storeId,
    Recipient: recipient,
  }),
  output: structure('GenerateRandomResponse', { Plaintext: plaintext }),
  prepare: ({ random }, { NumberOfBytes, CustomKeyStoreId, Recipient }) => ({
    resource: '*',
    run: async () => {
      if (CustomKeyStoreId !== undefined) throw unsupported('Custom key stores are not served.');
      checkCrypto({ Recipient });
      if (NumberOfBytes === undefined) throw invalidRequest('NumberOfBytes is required.');
      return { Plaintext: random.bytes(NumberOfBytes) };
    },
  }),
});
