/** A delivery as ListDeliveries answers it. Times are seconds since 1970. */
export type DeliveryAnswer = {
  readonly Id: string;
  readonly Kind: string;
  readonly Name: string;
  readonly Arn: string;
  readonly Destination: string;
  readonly State: string;
  readonly Reason?: string;
  readonly FreshnessMillis: number;
  readonly Records: number;
  readonly Bytes: number;
  readonly Objects: number;
  readonly Refused: number;
  readonly BytesPerSecond: number;
  readonly DoneAt?: number;
};
