import { after, test } from 'node:test';
import { compareIam } from './iam-beside-moto.ts';
import { compareKms } from './kms-beside-moto.ts';
import { MotoServer } from './moto-server.ts';

const moto = await MotoServer.start();
const services = { IAM: compareIam, KMS: compareKms };
after(() => {
  if (moto instanceof MotoServer) moto[Symbol.dispose]();
});

for (const [name, compare] of Object.entries(services)) {
  const skip = moto instanceof MotoServer ? false : moto;
  test(`${name} answers as moto does, but where moto is not like AWS`, { skip }, async () => {
    if (moto instanceof MotoServer) await compare(moto);
  });
}
