/** Answers of KMS (KMS API reference, data types). Times are seconds since 1970. */
export type Key = {
  readonly KeyId: string;
  readonly Arn: string;
  readonly CreationDate: number;
  readonly Description?: string;
  readonly KeyState: 'Enabled' | 'Disabled' | 'PendingDeletion';
  readonly KeyManager: 'AWS' | 'CUSTOMER';
  readonly DeletionDate?: number;
};

export type Alias = { readonly AliasName: string; readonly TargetKeyId?: string };

export type Rotation = {
  readonly KeyRotationEnabled: boolean;
  readonly RotationPeriodInDays?: number;
  readonly NextRotationDate?: number;
};

/** A key, and what it is called besides. */
export type NamedKey = { readonly key: Key; readonly aliases: readonly string[] };
