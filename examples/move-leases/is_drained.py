"""Tells whether a KCL application has processed all that its stream holds, by the checkpoints in its leases.

    python3 is_drained.py STREAM APPLICATION

Where AWS is and who asks, it takes from the environment: AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE.
Ask after the producers were stopped. Says what is behind. Exit code: 0 drained, 1 not yet,
2 AWS cannot be asked.
"""

import sys

import boto3
import botocore.exceptions


def main(stream, application):
    kinesis = boto3.client("kinesis")
    checkpoints = checkpoints_in(boto3.client("dynamodb"), application)
    behind = []
    for shard in shards_of(kinesis, stream):
        why = why_behind(kinesis, stream, shard, checkpoints.get(shard["ShardId"]))
        if why is not None:
            behind.append(f"{shard['ShardId']}: {why}")
    if behind:
        sys.exit("\n".join(behind))
    print(f"{application} has processed all of {stream}")


def checkpoints_in(dynamodb, application):
    """By shard. What else the KCL keeps in its table has none."""
    pages = dynamodb.get_paginator("scan").paginate(TableName=application, ConsistentRead=True)
    items = [item for page in pages for item in page["Items"]]
    return {item["leaseKey"]["S"]: item["checkpoint"]["S"] for item in items if "checkpoint" in item}


def shards_of(kinesis, stream):
    page = kinesis.list_shards(StreamName=stream)
    shards = page["Shards"]
    while "NextToken" in page:
        page = kinesis.list_shards(NextToken=page["NextToken"])
        shards += page["Shards"]
    return shards


def why_behind(kinesis, stream, shard, checkpoint):
    if checkpoint == "SHARD_END":
        return None
    if "EndingSequenceNumber" in shard["SequenceNumberRange"]:
        # Once children are under way, the KCL removes the lease of a shard that is at its end.
        return None if checkpoint is None else "the end of the shard is not processed"
    if checkpoint is None:
        return "there is no lease yet"
    start = {"ShardIteratorType": "TRIM_HORIZON"}
    if checkpoint.isdigit():
        start = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": checkpoint}
    if has_records(kinesis, kinesis.get_shard_iterator(StreamName=stream, ShardId=shard["ShardId"], **start)):
        return f"there are records after its checkpoint, {checkpoint}"
    return None


def has_records(kinesis, page):
    iterator = page["ShardIterator"]
    while iterator is not None:
        page = kinesis.get_records(ShardIterator=iterator, Limit=1)
        if page["Records"]:
            return True
        if page["MillisBehindLatest"] == 0:
            return False
        iterator = page.get("NextShardIterator")
    return False


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    try:
        main(*sys.argv[1:])
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
