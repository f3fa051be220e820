"""A delivery stream to a bucket, which is a folder here, as boto3 has it on AWS."""
import gzip
import json
import pathlib
import sys
import time

import boto3
from botocore.exceptions import ClientError

BUCKETS = pathlib.Path(sys.argv[1])
NAME = "flights"
session = boto3.Session()
firehose, iam = (session.client(name) for name in ("firehose", "iam"))


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error.response["Error"]["Message"]
    raise AssertionError(f"{code} was expected")


def role():
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "firehose.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    made = iam.create_role(RoleName="delivery", AssumeRolePolicyDocument=json.dumps(trust))
    return made["Role"]["Arn"]


def described():
    return firehose.describe_delivery_stream(DeliveryStreamName=NAME)["DeliveryStreamDescription"]


def wait_until(is_so):
    deadline = time.monotonic() + 300
    while not is_so():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def lines():
    found = []
    for path in BUCKETS.rglob(f"{NAME}-*.gz"):
        found += gzip.decompress(path.read_bytes()).decode().splitlines()
    return sorted(found)


arn = role()
destination = {
    "RoleARN": arn,
    "BucketARN": "arn:aws:s3:::lake",
    "Prefix": "raw/",
    "CompressionFormat": "GZIP",
    "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 0},
}
made = firehose.create_delivery_stream(
    DeliveryStreamName=NAME, ExtendedS3DestinationConfiguration=destination, Tags=[{"Key": "team", "Value": "air"}]
)
assert made["DeliveryStreamARN"].endswith(f":deliverystream/{NAME}"), made
wait_until(lambda: described()["DeliveryStreamStatus"] == "ACTIVE")
assert firehose.list_delivery_streams()["DeliveryStreamNames"] == [NAME]
assert firehose.list_tags_for_delivery_stream(DeliveryStreamName=NAME)["Tags"] == [{"Key": "team", "Value": "air"}]

assert firehose.put_record(DeliveryStreamName=NAME, Record={"Data": b"0\n"})["RecordId"]
batch = firehose.put_record_batch(
    DeliveryStreamName=NAME, Records=[{"Data": f"{number}\n".encode()} for number in range(1, 500)]
)
assert batch["FailedPutCount"] == 0, batch
assert len({entry["RecordId"] for entry in batch["RequestResponses"]}) == 499
expected = sorted(str(number) for number in range(500))
wait_until(lambda: lines() == expected)

firehose.update_destination(
    DeliveryStreamName=NAME,
    CurrentDeliveryStreamVersionId="1",
    DestinationId=described()["Destinations"][0]["DestinationId"],
    ExtendedS3DestinationUpdate={"Prefix": "other/"},
)
assert described()["VersionId"] == "2"
firehose.start_delivery_stream_encryption(
    DeliveryStreamName=NAME, DeliveryStreamEncryptionConfigurationInput={"KeyType": "AWS_OWNED_CMK"}
)
wait_until(lambda: described()["DeliveryStreamEncryptionConfiguration"]["Status"] == "ENABLED")
assert firehose.put_record(DeliveryStreamName=NAME, Record={"Data": b"500\n"})["Encrypted"]
wait_until(lambda: lines() == sorted(expected + ["500"]))

message = refused(
    "InvalidArgumentException",
    firehose.create_delivery_stream,
    DeliveryStreamName="other",
    SplunkDestinationConfiguration={
        "HECEndpoint": "https://example.com:8088",
        "HECEndpointType": "Raw",
        "S3Configuration": destination,
    },
)
assert message == "Splunk as a destination is not served.", message
refused("ResourceInUseException", firehose.create_delivery_stream, DeliveryStreamName=NAME, S3DestinationConfiguration={"RoleARN": arn, "BucketARN": "arn:aws:s3:::lake"})
firehose.delete_delivery_stream(DeliveryStreamName=NAME)
wait_until(lambda: firehose.list_delivery_streams()["DeliveryStreamNames"] == [])
refused("ResourceNotFoundException", firehose.put_record, DeliveryStreamName=NAME, Record={"Data": b"late"})
print("all went as on AWS")
