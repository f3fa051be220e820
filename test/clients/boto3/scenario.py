"""What a Python program does with a stream, through boto3. Ends with 0 and a last word when all went as on AWS."""

import boto3
from botocore.exceptions import ClientError

STREAM = "orders"
FIRST = "shardId-000000000000"
SOON = {"Delay": 0.05, "MaxAttempts": 200}

kinesis = boto3.client("kinesis")


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def active():
    kinesis.get_waiter("stream_exists").wait(StreamName=STREAM, WaiterConfig=SOON)


def index(shard):
    return int(shard["ShardId"][-12:])


def read(kind, **start):
    return read_from(iterator(kind, **start))


def iterator(kind, **start):
    answer = kinesis.get_shard_iterator(StreamName=STREAM, ShardId=FIRST, ShardIteratorType=kind, **start)
    return answer["ShardIterator"]


def read_from(shard_iterator):
    return kinesis.get_records(ShardIterator=shard_iterator)


def words(page):
    return [record["Data"].decode() for record in page["Records"]]


def entry(word):
    return {"Data": word.encode(), "PartitionKey": "a", "ExplicitHashKey": "0"}


def create():
    kinesis.create_stream(StreamName=STREAM, ShardCount=2, Tags={"team": "shop"})
    active()
    pages = kinesis.get_paginator("describe_stream").paginate(
        StreamName=STREAM, PaginationConfig={"PageSize": 1}
    )
    equal([index(shard) for page in pages for shard in page["StreamDescription"]["Shards"]], [0, 1])


def put():
    equal(kinesis.put_record(StreamName=STREAM, **entry("one"))["ShardId"], FIRST)
    answer = kinesis.put_records(StreamName=STREAM, Records=[entry("two"), entry("three")])
    equal(answer["FailedRecordCount"], 0)
    equal([record["ShardId"] for record in answer["Records"]], [FIRST, FIRST])


def read_five_ways():
    latest = iterator("LATEST")
    everything = read("TRIM_HORIZON")
    equal(words(everything), ["one", "two", "three"])
    one, two, _ = everything["Records"]
    number = two["SequenceNumber"]
    equal(words(read("AT_SEQUENCE_NUMBER", StartingSequenceNumber=number)), ["two", "three"])
    equal(words(read("AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=number)), ["three"])
    since = read("AT_TIMESTAMP", Timestamp=one["ApproximateArrivalTimestamp"])
    equal(words(since), ["one", "two", "three"])
    kinesis.put_record(StreamName=STREAM, **entry("four"))
    tip = read_from(latest)
    equal(words(tip), ["four"])
    equal(tip["MillisBehindLatest"], 0)


def shards(kind, **more):
    """Two to a page. boto3's own paginator repeats the stream's name next to the token, which AWS refuses."""
    query = {"StreamName": STREAM, "ShardFilter": {"Type": kind, **more}}
    found = []
    while query:
        page = kinesis.list_shards(MaxResults=2, **query)
        found += [index(shard) for shard in page["Shards"]]
        query = {"NextToken": page["NextToken"]} if "NextToken" in page else None
    return found


def reshard():
    kinesis.split_shard(StreamName=STREAM, ShardToSplit=FIRST, NewStartingHashKey=str(2**126))
    active()
    parent = read("LATEST")
    assert "NextShardIterator" not in parent
    equal([index(shard) for shard in parent["ChildShards"]], [2, 3])
    equal(shards("AT_LATEST"), [1, 2, 3])
    equal(shards("FROM_TRIM_HORIZON"), [0, 1, 2, 3])
    equal(shards("AFTER_SHARD_ID", ShardId=FIRST), [1, 2, 3])

    left, right = [shard["ShardId"] for shard in parent["ChildShards"]]
    kinesis.merge_shards(StreamName=STREAM, ShardToMerge=left, AdjacentShardToMerge=right)
    active()
    equal(shards("AT_LATEST"), [1, 4])

    kinesis.update_shard_count(StreamName=STREAM, TargetShardCount=4, ScalingType="UNIFORM_SCALING")
    active()
    equal(summary()["OpenShardCount"], 4)


def summary():
    return kinesis.describe_stream_summary(StreamName=STREAM)["StreamDescriptionSummary"]


def retain():
    kinesis.increase_stream_retention_period(StreamName=STREAM, RetentionPeriodHours=72)
    equal(summary()["RetentionPeriodHours"], 72)
    kinesis.decrease_stream_retention_period(StreamName=STREAM, RetentionPeriodHours=48)
    equal(summary()["RetentionPeriodHours"], 48)


def tag():
    kinesis.add_tags_to_stream(StreamName=STREAM, Tags={"stage": "test"})
    kinesis.remove_tags_from_stream(StreamName=STREAM, TagKeys=["team"])
    equal(kinesis.list_tags_for_stream(StreamName=STREAM)["Tags"], [{"Key": "stage", "Value": "test"}])


def list_all():
    kinesis.create_stream(StreamName="invoices", ShardCount=1)
    pages = kinesis.get_paginator("list_streams").paginate(PaginationConfig={"PageSize": 1})
    equal([name for page in pages for name in page["StreamNames"]], ["invoices", STREAM])


def remove():
    kinesis.delete_stream(StreamName=STREAM)
    kinesis.get_waiter("stream_not_exists").wait(StreamName=STREAM, WaiterConfig=SOON)
    try:
        kinesis.describe_stream(StreamName=STREAM)
        raise AssertionError("a deleted stream is still there")
    except kinesis.exceptions.ResourceNotFoundException:
        pass


def identify():
    answer = boto3.client("sts").get_caller_identity()
    equal(answer["Account"], "000000000000")
    equal(answer["Arn"], "arn:aws:iam::000000000000:user/app")
    equal(len(answer["UserId"]), 21)


def refuse_impostor():
    impostor = boto3.Session(profile_name="impostor")
    refuse("InvalidSignatureException", impostor.client("kinesis").list_streams)
    refuse("SignatureDoesNotMatch", impostor.client("sts").get_caller_identity)


def refuse(code, call):
    try:
        call()
        raise AssertionError("a wrong secret was accepted")
    except ClientError as error:
        equal(error.response["Error"]["Code"], code)


for step in (create, put, read_five_ways, reshard, retain, tag, list_all, remove, identify, refuse_impostor):
    step()
print("all went as on AWS")
