"""Makes the lease table of a KCL application that has not run yet, with which it begins at the first record
that its stream holds, whatever initial position it has itself.

    python3 prepare_leases.py STREAM APPLICATION

Where AWS is and who asks, it takes from the environment: AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE.
For applications of one stream, of KCL 1, 2 and 3. Exit code: 0 made, 1 there is such a table already,
2 AWS cannot be asked.
"""

import sys

import boto3
import botocore.exceptions


def main(stream, application):
    dynamodb = boto3.client("dynamodb")
    shards = first_shards(boto3.client("kinesis"), stream)
    try:
        dynamodb.create_table(
            TableName=application,
            KeySchema=[{"AttributeName": "leaseKey", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "leaseKey", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    except dynamodb.exceptions.ResourceInUseException:
        sys.exit(f"There is a table {application} already: its application goes on from the leases in it.")
    dynamodb.get_waiter("table_exists").wait(TableName=application, WaiterConfig={"Delay": 1})
    for shard in shards:
        dynamodb.put_item(TableName=application, Item=lease(shard))
    print(f"{application} has {len(shards)} leases, each at TRIM_HORIZON")


def first_shards(kinesis, stream):
    """Those that hold the first records of all keys. The KCL makes leases of their children itself."""
    page = kinesis.list_shards(StreamName=stream, ShardFilter={"Type": "AT_TRIM_HORIZON"})
    shards = page["Shards"]
    while "NextToken" in page:
        page = kinesis.list_shards(NextToken=page["NextToken"])
        shards += page["Shards"]
    return shards


def lease(shard):
    """As the KCL writes it for a shard that nobody has begun with."""
    item = {
        "leaseKey": {"S": shard["ShardId"]},
        "leaseCounter": {"N": "0"},
        "checkpoint": {"S": "TRIM_HORIZON"},
        "checkpointSubSequenceNumber": {"N": "0"},
        "ownerSwitchesSinceCheckpoint": {"N": "0"},
        "startingHashKey": {"S": shard["HashKeyRange"]["StartingHashKey"]},
        "endingHashKey": {"S": shard["HashKeyRange"]["EndingHashKey"]},
    }
    parents = [shard[name] for name in ("ParentShardId", "AdjacentParentShardId") if name in shard]
    if parents:
        item["parentShardId"] = {"SS": parents}
    return item


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    try:
        main(*sys.argv[1:])
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
