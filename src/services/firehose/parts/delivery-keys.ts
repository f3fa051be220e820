import type { Caller } from '../../../access/caller.ts';
import type { KeyService } from '../../../access/keys/key-service.ts';
import { contextOf } from '../../../access/keys/stream-keys.ts';
import type { Authorizer, ResourceFacts } from '../../../access/policy/access.ts';
import type { Peer } from '../../../env/network.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import { KeyError, type KeyTrouble } from '../../../log/log.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { invalidKey } from '../errors.ts';

/** The KMS keys that delivery streams are encrypted with. */
export interface DeliveryKeys {
  /**
   * Rejects with InvalidKMSResourceException when nobody can encrypt a hidden stream with the key of an ARN,
   * or the caller may not have Firehose do so.
   */
  require(keyArn: string, hidden: StreamAddress, caller: Caller): Promise<void>;
}

export type DeliveryKeyParts = {
  readonly service: KeyService;
  readonly authorizer: Authorizer;
  /** What is known of a KMS key, by its ARN. */
  readonly factsOfKey: (arn: string) => ResourceFacts | undefined;
};

/**
 * At AWS the caller makes a grant by which Firehose uses the key from then on (Firehose developer guide,
 * "Server-side encryption with Direct PUT"), so who puts needs no permission for it.
 */
export function deliveryKeys({ service, authorizer, factsOfKey }: DeliveryKeyParts): DeliveryKeys {
  return {
    async require(keyArn, hidden, caller) {
      try {
        const { arn } = await service.describe(keyArn, hidden);
        if (authorizer.needsFacts(caller)) {
          const facts = factsOfKey(arn);
          const context = grantContext(caller, hidden);
          authorizer.authorize({
            ...{ caller, action: 'kms:CreateGrant', resource: arn, facts },
            ...{ peer: nowhere, context },
          });
        }
        await service.generateDataKey(arn, contextOf(hidden));
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
}

function refusalOf(error: unknown): unknown {
  if (error instanceof ServiceError) return invalidKey('AccessDeniedException', error.message);
  if (!(error instanceof KeyError) || error.code === 'unavailable') return error;
  return invalidKey(codes[error.code], error.message);
}

/** KMS's own names (KMS API reference, GenerateDataKey, "Errors"). */
const codes: Readonly<Record<Exclude<KeyTrouble, 'unavailable'>, string>> = {
  denied: 'AccessDeniedException',
  disabled: 'DisabledException',
  missing: 'NotFoundException',
  'pending deletion': 'KMSInvalidStateException',
  throttled: 'ThrottlingException',
};

/** The condition keys of a call that Firehose makes for a caller (KMS developer guide, "Condition keys"). */
function grantContext({ account }: Caller, { region }: StreamAddress): Map<string, readonly string[]> {
  return new Map([
    ['aws:viaawsservice', ['true']],
    ['kms:viaservice', [`firehose.${region}.amazonaws.com`]],
    ['kms:calleraccount', [account]],
    ['kms:grantisforawsresource', ['true']],
  ]);
}

/** It is the service that calls. */
const nowhere: Peer = { address: '', secure: true, listener: '' };
