/**
 * AWS's operations that are not served: grants, keys that sign or derive, key stores and material from
 * elsewhere, and keys of several regions (AWS SDK for JavaScript 3.1143.0).
 */
export const unserved: ReadonlySet<string> = new Set([
  'ConnectCustomKeyStore',
  'CreateCustomKeyStore',
  'CreateGrant',
  'DeleteCustomKeyStore',
  'DeleteImportedKeyMaterial',
  'DeriveSharedSecret',
  'DescribeCustomKeyStores',
  'DisconnectCustomKeyStore',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateMac',
  'GetKeyLastUsage',
  'GetParametersForImport',
  'GetPublicKey',
  'ImportKeyMaterial',
  'ListGrants',
  'ListRetirableGrants',
  'ReplicateKey',
  'RetireGrant',
  'RevokeGrant',
  'Sign',
  'UpdateCustomKeyStore',
  'UpdatePrimaryRegion',
  'Verify',
  'VerifyMac',
]);
