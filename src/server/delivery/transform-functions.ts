import type { IdentityState } from '../../access/identity/state.ts';
import type { Authorizer } from '../../access/policy/access.ts';
import { trustsService } from '../../access/policy/service-trust.ts';
import { callerAs } from '../../access/role-caller.ts';
import type { TransformAnswer, TransformFunctions } from '../../delivery/delivery-world.ts';
import type { Millis } from '../../env/clock.ts';
import type { Peer } from '../../env/network.ts';
import type { FunctionTarget } from '../../services/lambda/functions/functions.ts';
import { factsOfFunctions } from '../../services/lambda/parts/facts.ts';
import { functionOfArn } from '../../services/lambda/parts/function-arn.ts';
import type { OpenedLambda } from '../../services/lambda/world.ts';
import { findRole } from '../../services/sts/parts/role.ts';
import { ServiceError } from '../../wire/service-error.ts';

export type TransformParts = {
  /** Opens Lambda, which is loaded with the first call. */
  readonly open: () => Promise<
    Pick<OpenedLambda, 'functions'> & { readonly journal: Pick<OpenedLambda['journal'], 'state'> }
  >;
  readonly identity: { readonly state: IdentityState };
  /** Undefined where signatures are not verified. */
  readonly authorizer: Authorizer | undefined;
};

/** Functions of this server's Lambda, invoked by Firehose as the role of a delivery stream. */
export function transformFunctions(parts: TransformParts): TransformFunctions {
  return {
    async invoke(arn, role, payload, signal) {
      const target = functionOfArn(arn);
      if (target === undefined) return failed('ResourceNotFoundException', `${arn} is no function's ARN`);
      try {
        const { functions, journal } = await parts.open();
        requireAllowed(parts, journal, { arn, role, target });
        const { payload: answer, functionError } = await functions.invoke(target, payload, {
          patienceMs,
          signal,
        });
        if (functionError === undefined) return { kind: 'answered', payload: answer };
        return failed('FunctionError', String(answer.subarray(0, errorBytesMax)));
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ServiceError)) throw error;
        const passes = error.status >= 500 || error.status === 429;
        return { kind: 'failed', passes, code: error.type, message: error.message };
      }
    },
  };
}

type Asked = { readonly arn: string; readonly role: string; readonly target: FunctionTarget };

function requireAllowed(
  { authorizer, identity }: TransformParts,
  journal: Pick<OpenedLambda['journal'], 'state'>,
  { arn, role, target }: Asked,
): void {
  if (authorizer === undefined) return;
  const found = findRole(identity.state, role);
  if (found === undefined || !trustsService(found.role.trust, firehosePrincipal)) {
    throw new ServiceError('AssumeRoleAccessDenied', `Firehose is unable to assume role ${role}.`, 403);
  }
  const caller = callerAs(role, firehoseSession, target.region, identity.state);
  const facts = factsOfFunctions(journal.state, arn);
  authorizer.authorize({ caller, action: 'lambda:InvokeFunction', resource: arn, peer: nowhere, facts });
}

function failed(code: string, message: string): TransformAnswer {
  return { kind: 'failed', passes: false, code, message };
}

/** Whom roles of delivery streams trust (Firehose developer guide, "Controlling access"). */
export const firehosePrincipal = 'firehose.amazonaws.com';
export const firehoseSession = 'firehose';

/** It is Firehose that calls. */
const nowhere: Peer = { address: '', secure: true, listener: '' };

/** How long a call waits for its turn, before it counts as failed. */
const patienceMs: Millis = 60_000;
const errorBytesMax = 1024;
