import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-kms';
import { operations } from '../../src/services/kms/operations.ts';
import { unserved } from '../../src/services/kms/unserved.ts';
import { awsOperations } from './aws-model.ts';
import { differences } from './differences.ts';

/** In what we differ from the model, and why. What is not here fails, and what no longer is so fails too. */
const declared: Readonly<Record<string, readonly string[]>> = {
  'Nothing is encrypted for enclaves.': [
    'DecryptResponse.CiphertextForRecipient is missing',
    'GenerateDataKeyResponse.CiphertextForRecipient is missing',
    'GenerateRandomResponse.CiphertextForRecipient is missing',
  ],
  'Keys are symmetric, made here, and of one region.': [
    'KeyMetadata.CloudHsmClusterId is missing',
    'KeyMetadata.CustomKeyStoreId is missing',
    'KeyMetadata.ExpirationModel is missing',
    'KeyMetadata.KeyAgreementAlgorithms is missing',
    'KeyMetadata.MacAlgorithms is missing',
    'KeyMetadata.MultiRegionConfiguration is missing',
    'KeyMetadata.PendingDeletionWindowInDays is missing',
    'KeyMetadata.SigningAlgorithms is missing',
    'KeyMetadata.ValidTo is missing',
    'KeyMetadata.XksKeyConfiguration is missing',
    'RotationsListEntry.ExpirationModel is missing',
    'RotationsListEntry.ImportState is missing',
    'RotationsListEntry.KeyMaterialDescription is missing',
    'RotationsListEntry.ValidTo is missing',
  ],
};

test('what is not served is known by name, so that a call of it is told so', () => {
  const missing = [...awsOperations(sdk).keys()].filter((name) => !operations.has(name));
  assert.deepEqual([...unserved].sort(), missing.sort());
});

test('the operations are those of the official SDK, but for what is declared here', () => {
  const found = differences(operations, sdk).filter((line) => !line.endsWith(' is not served'));
  assert.deepEqual(found, Object.values(declared).flat().sort());
});
