"""What a Python program of Debian 12 does with a stream. Ends with 0 and a last word when all went as on AWS."""

import boto3

STREAM = "orders"
FIRST = "shardId-000000000000"
SOON = {"Delay": 0.05, "MaxAttempts": 200}

kinesis = boto3.client("kinesis")


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def active():
    kinesis.get_waiter("stream_exists").wait(StreamName=STREAM, WaiterConfig=SOON)


def read(kind):
    start = kinesis.get_shard_iterator(StreamName=STREAM, ShardId=FIRST, ShardIteratorType=kind)
    return kinesis.get_records(ShardIterator=start["ShardIterator"])


def words(records):
    return [record["Data"].decode() for record in records]


def entry(word):
    return {"Data": word.encode(), "PartitionKey": "a", "ExplicitHashKey": "0"}


def put_and_read():
    kinesis.create_stream(StreamName=STREAM, ShardCount=2)
    active()
    equal(kinesis.put_record(StreamName=STREAM, **entry("one"))["ShardId"], FIRST)
    answer = kinesis.put_records(StreamName=STREAM, Records=[entry("two"), entry("three")])
    equal(answer["FailedRecordCount"], 0)
    equal(words(read("TRIM_HORIZON")["Records"]), ["one", "two", "three"])


def subscribe():
    stream = kinesis.describe_stream_summary(StreamName=STREAM)["StreamDescriptionSummary"]["StreamARN"]
    registered = kinesis.register_stream_consumer(StreamARN=stream, ConsumerName="reader")
    consumer = registered["Consumer"]["ConsumerARN"]
    status = None
    while status != "ACTIVE":
        described = kinesis.describe_stream_consumer(ConsumerARN=consumer)
        status = described["ConsumerDescription"]["ConsumerStatus"]
    start = {"Type": "TRIM_HORIZON"}
    events = kinesis.subscribe_to_shard(ConsumerARN=consumer, ShardId=FIRST, StartingPosition=start)["EventStream"]
    found = []
    for event in events:
        found += words(event["SubscribeToShardEvent"]["Records"])
        if len(found) == 3:
            break
    equal(found, ["one", "two", "three"])
    events.close()
    kinesis.deregister_stream_consumer(ConsumerARN=consumer)


def reshard():
    kinesis.split_shard(StreamName=STREAM, ShardToSplit=FIRST, NewStartingHashKey=str(2**126))
    active()
    parent = read("LATEST")
    assert "NextShardIterator" not in parent
    equal([child["ShardId"][-1] for child in parent["ChildShards"]], ["2", "3"])


def remove():
    kinesis.delete_stream(StreamName=STREAM)
    kinesis.get_waiter("stream_not_exists").wait(StreamName=STREAM, WaiterConfig=SOON)
    equal(kinesis.list_streams()["StreamNames"], [])


for step in (put_and_read, subscribe, reshard, remove):
    step()
print("all went as on AWS")
