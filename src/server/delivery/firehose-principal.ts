/** Whom roles of delivery streams trust (Firehose developer guide, "Controlling access"). */
export const firehosePrincipal = 'firehose.amazonaws.com';
export const firehoseSession = 'firehose';
